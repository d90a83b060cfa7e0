// Package platform is what all areas of an organization share: its secrets, and the views that people keep of lists.
package platform

import "zygo/app/resource"

// Module lists what the area brings.
var Module = resource.Module{
	Name:       "platform",
	Kinds:      []resource.Declaration{&Secrets},
	Tables:     []*resource.Table{views, listLooks},
	Operations: operations,
}

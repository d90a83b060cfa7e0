// Package platform is what all areas of an organization share: its secrets, and what it brings to its forms (tags, dropdown
// values, templates).
package platform

import "zygo/app/resource"

// Module lists what the area brings.
var Module = resource.Module{
	Name: "platform",
	Kinds: []resource.Declaration{&Secrets, &Tags, &InstanceTags, &Dropdowns, &InstanceDropdowns,
		&Templates, &TemplateFields, &InstanceTemplates, &InstanceTemplateFields},
	Tables:     []*resource.Table{uploadTable},
	Operations: operations,
	Take:       take,
	Content:    keeper{},
	Founded:    giveTags,
}

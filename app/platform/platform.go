// Package platform is what all areas of an organization share: its secrets, the views that people keep of lists, and what it
// brings to its forms (tags, dropdown values, templates).
package platform

import (
	"slices"

	"zygo/app/resource"
)

// Module lists what the area brings.
var Module = resource.Module{
	Name: "platform",
	Kinds: []resource.Declaration{&Secrets, &Tags, &InstanceTags, &Dropdowns, &InstanceDropdowns,
		&Templates, &TemplateFields, &InstanceTemplates, &InstanceTemplateFields},
	Tables:     []*resource.Table{views, listLooks, uploadTable},
	Operations: slices.Concat(operations, viewOperations),
	Take:       take,
	Content:    keeper{},
	SetUp:      sow,
	Founded:    giveTags,
}

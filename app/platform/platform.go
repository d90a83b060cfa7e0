// Package platform is what all areas of an organization share: its secrets, the views that people keep of lists, and what it
// brings to its forms (tags, dropdown values, templates).
package platform

import (
	"slices"

	"zygo/app/module"
	"zygo/app/resource"
	"zygo/app/rights"
)

// Module lists what the area brings.
var Module = module.Module{Module: resource.Module{
	Name: "platform",
	Kinds: []resource.Declaration{&Secrets, &Variables, &Tags, &InstanceTags, &Dropdowns, &InstanceDropdowns,
		&Templates, &TemplateFields, &InstanceTemplates, &InstanceTemplateFields},
	Tables: []*resource.Table{views, listPreferences, uploadTable},
	Permissions: []rights.Permission{
		{Name: "file:create", Category: "Files", Help: "Upload files, for rows to hold.", Least: rights.Editor},
		{Name: "view:share", Category: "Views", Help: "Share views of lists with the organization.", Least: rights.Editor},
		{Name: "view:delete", Category: "Views", Help: "Delete shared views of others.", Least: rights.Admin},
	},
	Take:    take,
	Content: keeper{},
	SetUp:   sow,
	Founded: giveTags,
}, Needs: []string{"role"}, Operations: slices.Concat(operations, viewOperations)}

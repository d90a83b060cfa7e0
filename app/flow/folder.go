package flow

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// Folder keeps workflows together that belong together. Folders can stand within each other.
type Folder struct {
	resource.Row
	Name   string    `z:"required,max=100,list,search"`
	Parent field.Ref `z:"to=workflow_folder,inverse=Folders in it,list,filter,label=Within"`
}

// Folders is the kind.
var Folders = resource.Kind[Folder]{
	Name: "workflow_folder", Label: "folder", Area: "Automation", Icon: "folder", Order: "name", Shared: true, Check: (*Folder).check,
	Help: "A folder keeps workflows together that belong together. The list of workflows can show one folder alone.",
}

// deepestFolder is how many folders stand within each other.
const deepestFolder = 8

// check refuses folders that stand within themselves, and those that stand too deep to be found.
func (f *Folder) check(c *resource.Change[Folder]) error {
	for depth, above := 1, f.Parent; above != ""; depth++ {
		if string(above) == f.ID || depth >= deepestFolder {
			return fault.InvalidField("parent", "can't be the folder itself or one within it, and at most %d folders stand within each other",
				deepestFolder)
		}
		next, err := resource.Select[field.Ref](c.AsInstance("folders above are no secret of those within them"),
			"SELECT parent FROM {workflow_folder} WHERE id = ?", above)
		if err != nil {
			return err
		}
		if len(next) == 0 {
			return nil
		}
		above = next[0]
	}
	return nil
}

package flow

import (
	"testing"

	"zygo/app/fault"
	"zygo/app/field"
)

func TestFoldersStandWithinNoneOfTheirOwn(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	var chain []string
	for above := ""; len(chain) < deepestFolder; above = chain[len(chain)-1] {
		made, err := Folders.Create(p.s, func(f *Folder) error {
			f.Name, f.Parent = "Folder", field.Ref(above)
			return nil
		})
		must(t, err)
		chain = append(chain, made.ID)
	}
	within := func(folder, parent string) error {
		_, err := Folders.Update(p.s, folder, 0, "update", "updated", func(f *Folder) error {
			f.Parent = field.Ref(parent)
			return nil
		})
		return err
	}
	if err := within(chain[0], chain[2]); !fault.Is(err, fault.Invalid) {
		t.Errorf("a folder stands within one of its own: %v", err)
	}
	if err := within(chain[0], chain[0]); !fault.Is(err, fault.Invalid) {
		t.Errorf("a folder stands within itself: %v", err)
	}
	if _, err := Folders.Create(p.s, func(f *Folder) error {
		f.Name, f.Parent = "Folder", field.Ref(chain[len(chain)-1])
		return nil
	}); !fault.Is(err, fault.Invalid) {
		t.Errorf("a folder stands too deep: %v", err)
	}
	must(t, within(chain[1], ""))
}

package resource_test

import (
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
	"zygo/app/rights"
)

type box struct {
	resource.Row
	Name string     `z:"required,max=100,list,search"`
	Tags field.Tags `z:"filter"`
}

type label struct {
	resource.Row
	Name string    `z:"required,max=100,list"`
	Box  field.Ref `z:"to=box,filter"`
}

func TestTheTrashEmptiesItself(t *testing.T) {
	boxes, labels := &resource.Kind[box]{Name: "box", Plural: "boxes"}, &resource.Kind[label]{Name: "label"}
	k := kerneltest.New(t, module.Module{Module: resource.Module{Name: "test", Kinds: []resource.Declaration{boxes, labels}}})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	session := func() *resource.Session { return k.As("acme", rights.Editor) }
	kind, _ := k.Kind("box")
	make := func(name string) string {
		t.Helper()
		row, err := boxes.Create(session(), func(b *box) error { b.Name = name; return nil })
		must(err)
		return row.ID
	}
	trash := func() int {
		t.Helper()
		_, page, err := boxes.List(session(), resource.Query{Trash: true})
		must(err)
		return page.Total
	}
	old, referred, young, alive := make("old"), make("referred"), make("young"), make("alive")
	tag, err := labels.Create(session(), func(l *label) error { l.Name, l.Box = "on a box", field.Ref(referred); return nil })
	must(err)
	if err := kind.Purge(session(), alive); !fault.Is(err, fault.NotFound) {
		t.Errorf("a row that is not in the trash is purged: %v", err)
	}
	must(kind.Remove(session(), referred, 0))
	must(kind.Remove(session(), old, 0))
	k.Advance(29 * 24 * time.Hour)
	must(kind.Remove(session(), young, 0))
	must(k.EmptyTrash(t.Context()))
	if trash() != 3 {
		t.Fatalf("%d rows are in the trash after 29 days", trash())
	}
	k.Advance(2 * 24 * time.Hour)
	must(k.EmptyTrash(t.Context()))
	if trash() != 2 { // the one that a label refers to waits, and holds nothing back
		t.Fatalf("%d rows are in the trash after 31 days", trash())
	}
	if err := kind.Purge(session(), referred); !fault.Is(err, fault.Conflict) {
		t.Errorf("a row that another refers to is purged: %v", err)
	}
	_, err = labels.Update(session(), tag.ID, 0, resource.Update, "updated", func(l *label) error { l.Box = ""; return nil })
	must(err)
	must(k.EmptyTrash(t.Context()))
	if trash() != 1 {
		t.Fatalf("%d rows are in the trash after the label let go", trash())
	}
	entries, err := session().Entries(referred, 0, 1)
	must(err)
	if len(entries) != 1 || entries[0].Action != "box.purged" || len(entries[0].Object) > 0 || len(entries[0].Changes) > 0 {
		t.Errorf("the ledger says %+v", entries)
	}
	// The next row may get the number of the one that is gone, and nothing else of it.
	tagged, err := boxes.Create(session(), func(b *box) error { b.Name, b.Tags = "tagged", field.Tags{"blue"}; return nil })
	must(err)
	must(kind.Remove(session(), tagged.ID, 0))
	must(kind.Purge(session(), tagged.ID))
	make("next")
	if found, _, err := boxes.List(session(), resource.Query{
		Filters: []resource.Filter{{Field: "tags", Operator: "eq", Values: []string{"blue"}}}}); err != nil || len(found) > 0 {
		t.Errorf("a new row is found by the tag of a purged one: %v %v", found, err)
	}
	broken, err := k.System().VerifyLedger("acme")
	if err != nil || broken != 0 {
		t.Errorf("the ledger breaks at %d: %v", broken, err)
	}
}

func TestARowWhoseNameIsTakenStaysInTheTrash(t *testing.T) {
	t.Parallel()
	type crate struct {
		resource.Row
		Name string    `z:"required,max=100,list,unique"`
		Box  field.Ref `z:"to=box,unique"`
	}
	boxes, crates := &resource.Kind[box]{Name: "box", Plural: "boxes"}, &resource.Kind[crate]{Name: "crate"}
	k := kerneltest.New(t, module.Module{Module: resource.Module{Name: "test", Kinds: []resource.Declaration{boxes, crates}}})
	session := k.As("acme", rights.Editor)
	held, err := boxes.Create(session, func(b *box) error { b.Name = "held"; return nil })
	if err != nil {
		t.Fatal(err)
	}
	make := func(name, holds string) (string, error) {
		row, err := crates.Create(session, func(c *crate) error { c.Name, c.Box = name, field.Ref(holds); return nil })
		if err != nil {
			return "", err
		}
		return row.ID, nil
	}
	kind, _ := k.Kind("crate")
	first, err := make("one", held.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, try := range []struct{ name, box, said string }{{"one", "", "This name is taken. Choose another."},
		{"two", held.ID, "There is a crate with the same box already."}} {
		if _, err := make(try.name, try.box); !fault.Is(err, fault.Conflict) || fault.Public(err).Message != try.said {
			t.Errorf("%+v: %v", try, err)
		}
	}
	if err := kind.Remove(session, first, 0); err != nil {
		t.Fatal(err)
	}
	second, err := make("one", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kind.Restore(session, first); !fault.Is(err, fault.Conflict) ||
		fault.Public(err).Message != "Another crate has the same name now. Change or delete that one, then restore this one." {
		t.Errorf("a restore over a taken name: %v", err)
	}
	if err := kind.Remove(session, second, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := kind.Restore(session, first); err != nil {
		t.Errorf("a restore of a name that is free again: %v", err)
	}
}

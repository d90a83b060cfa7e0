package resource_test

import (
	"strings"
	"testing"

	"zygo/app/fault"
	"zygo/app/module"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
	"zygo/app/rights"
)

type weighing struct {
	Weight int    `z:"min=1,max=10"`
	Reason string `z:"required,max=50"`
}

func TestAnActionSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	boxes := &resource.Kind[box]{Name: "box", Plural: "boxes", Actions: []resource.Action[box]{
		{Name: "weigh", Past: "weighed",
			Ask: resource.Ask(func(b *box, in *weighing, _ *resource.Session) error { b.Name += in.Reason; return nil })},
	}}
	k := kerneltest.New(t, module.Module{Module: resource.Module{Name: "test", Kinds: []resource.Declaration{boxes}}})
	session := k.As("acme", rights.Editor)
	made, err := boxes.Create(session, func(b *box) error { b.Name = "One"; return nil })
	if err != nil {
		t.Fatal(err)
	}
	kind, _ := k.Kind("box")
	_, err = kind.Act(session, made.ID, "weigh", 0, resource.Input{"weight": resource.Text("heavy"), "size": resource.Text("1")})
	wrong, _ := fault.As(err)
	var named []string
	if wrong != nil {
		for _, one := range wrong.Details.([]fault.Field) {
			named = append(named, one.Field)
		}
	}
	all := strings.Join(named, " ")
	if len(named) != 3 || !strings.Contains(all, "weight") || !strings.Contains(all, "size") || !strings.Contains(all, "reason") {
		t.Errorf("the action says %v", err)
	}
	if row, err := kind.Act(session, made.ID, "weigh", 0, resource.Input{"weight": resource.Text("5"),
		"reason": resource.Text(" is heavy")}); err != nil || kind.Title(row) != "Oneis heavy" {
		t.Errorf("the action gives %v, %v", row, err)
	}
}

package operation_test

import (
	"net/http"
	"reflect"
	"testing"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/operation"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
	"zygo/app/rights"
)

type told struct {
	ID     string
	IDs    []string
	Note   *string `z:"max=5"`
	Secret field.Password
	Nested *struct {
		On bool `json:"on"`
	}
}

func echo(_ *resource.Session, in *told) (*told, error) { return in, nil }

func TestAnOperationReadsWhatItDeclares(t *testing.T) {
	t.Parallel()
	kernel := kerneltest.New(t, module.Module{})
	o := operation.Operate(http.MethodPost, "things/{id}/do", "", "Do", echo)
	fields, err := o.Fields()
	if err != nil {
		t.Fatal(err)
	}
	text := func(text string) *string { return &text }
	given := func(raw string) resource.Given { return resource.Given{Raw: []byte(raw)} }
	for name, test := range map[string]struct {
		in    resource.Input
		want  told
		wrong string
	}{
		"path alone":      {resource.Input{"id": resource.Text("a")}, told{ID: "a"}, ""},
		"no path":         {resource.Input{}, told{}, "id"},
		"left out":        {resource.Input{"id": resource.Text("a"), "note": given("null")}, told{ID: "a"}, ""},
		"given and empty": {resource.Input{"id": resource.Text("a"), "note": given(`""`)}, told{ID: "a", Note: text("")}, ""},
		"too long":        {resource.Input{"id": resource.Text("a"), "note": given(`"abcdef"`)}, told{}, "note"},
		"spaces stay":     {resource.Input{"id": resource.Text("a"), "secret": given(`"  x  y "`)}, told{ID: "a", Secret: "  x  y "}, ""},
		"a list": {resource.Input{"id": resource.Text("a"), "ids": given(`["b","a"]`)}, told{ID: "a", IDs: []string{"b", "a"}},
			""},
		"no list":  {resource.Input{"id": resource.Text("a"), "ids": given(`"b"`)}, told{}, "ids"},
		"unknown":  {resource.Input{"id": resource.Text("a"), "nested": given(`{"off":true}`)}, told{}, "nested"},
		"misspelt": {resource.Input{"id": resource.Text("a"), "nots": given(`"b"`)}, told{}, "nots"},
	} {
		out, err := o.Run(&operation.Call{Session: kernel.As("acme", rights.Viewer)}, fields, test.in)
		if test.wrong != "" {
			f, _ := fault.As(err)
			if f == nil || f.Code != fault.Invalid || f.Details.([]fault.Field)[0].Field != test.wrong {
				t.Errorf("%s: %v, want a fault at %s", name, err, test.wrong)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(*out.(*told), test.want) {
			t.Errorf("%s: %+v %v", name, out, err)
		}
	}
}

func TestAnOperationAsksForItsPermission(t *testing.T) {
	t.Parallel()
	kernel := kerneltest.New(t, module.Module{
		Module: resource.Module{Permissions: []rights.Permission{{Name: "thing:do", Least: rights.Admin}}}})
	o := operation.Operate(http.MethodPost, "tenants/{id}/do", "thing:do", "Do", echo)
	for _, test := range []struct {
		role rights.Role
		at   string
		want fault.Code
	}{{rights.Admin, "acme", ""}, {rights.Editor, "acme", fault.Forbidden}, {rights.Admin, "other", fault.NotFound},
		{rights.Admin, "", fault.NotFound}} {
		err := o.Permit(&operation.Call{Session: kernel.As("acme", test.role)}, resource.Input{"id": resource.Text(test.at)})
		if f, _ := fault.As(err); f == nil && test.want != "" || f != nil && f.Code != test.want {
			t.Errorf("%+v gives %v", test, err)
		}
	}
	nobody := &operation.Call{Session: kernel.Nobody(t.Context(), resource.Origin{})}
	if err := o.Permit(nobody, resource.Input{"id": resource.Text("")}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("nobody is let in: %v", err)
	}
}

func TestAPartHasBounds(t *testing.T) {
	t.Parallel()
	for part, want := range map[operation.Part][2]int64{{}: {0, 20}, {Limit: 5, Cursor: "4"}: {4, 5},
		{Limit: 1000}: {0, resource.MostRows}} {
		if before, limit, err := part.Bounds(); err != nil || before != want[0] || int64(limit) != want[1] {
			t.Errorf("%+v: %d %d %v", part, before, limit, err)
		}
	}
	if _, _, err := (operation.Part{Cursor: "x"}).Bounds(); !fault.Is(err, fault.BadRequest) {
		t.Errorf("a strange cursor gives %v", err)
	}
	rows, metadata := (operation.Rows[int]{Limit: 2, Next: 7}).Envelope()
	if reflect.ValueOf(rows).IsNil() || metadata["next_cursor"] != "7" {
		t.Errorf("%v %v", rows, metadata)
	}
}

func TestAnOperationForOperatorsAlone(t *testing.T) {
	t.Parallel()
	kernel := kerneltest.New(t, module.Module{})
	o := operation.Operate(http.MethodPost, "things/{id}/do", "", "Do", echo).Open(operation.Operators)
	s := kernel.As("acme", rights.Owner)
	if err := o.Permit(&operation.Call{Session: s}, nil); !fault.Is(err, fault.Forbidden) {
		t.Errorf("an owner operates: %v", err)
	}
	s.Operator = true
	if err := o.Permit(&operation.Call{Session: s}, nil); err != nil {
		t.Errorf("an operator does not: %v", err)
	}
}

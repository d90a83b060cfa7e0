package records

import (
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

func TestNamesThatLookAlikeAreOne(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	c := i.As("editor@acme")
	create := func(name string) instance.Reply { return c.Call("POST", "assets", map[string]any{"name": name}) }
	var made struct{ Name string }
	c.Must(create(" Cafe\u0301 \u00a0 1\ufeff"), 201, &made)
	if made.Name != "Café 1" {
		t.Errorf("the name is %+q", made.Name)
	}
	for _, same := range []string{"Café 1", "Café 1 ", "Café  1", "Café\u20091", "Ca\u00adfé 1", "\u200bCafé 1", "Cafe\u0301 1\n"} {
		if r := create(same); r.Status != 409 && r.Status != 422 || !strings.Contains(string(r.Body), "taken") {
			t.Errorf("the name %+q once more answers %d %s", same, r.Status, r.Body)
		}
	}
	for _, none := range []string{"", " ", "\u00a0", "\u200b", "\u2060\u00ad", "\u200d", "\u3164", "\u2800", "\u200e"} {
		if r := create(none); r.Status != 422 || !strings.Contains(string(r.Body), "is required") {
			t.Errorf("the name %+q answers %d %s", none, r.Status, r.Body)
		}
	}
	for _, other := range []string{"Café 2", "Cafe 1", "👩\u200d👧", "می\u200cخواهم", "میخواهم"} {
		c.Must(create(other), 201, &made)
		if made.Name != other {
			t.Errorf("the name %+q is kept as %+q", other, made.Name)
		}
	}
}

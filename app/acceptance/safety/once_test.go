package safety

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
)

func TestRepeatedCreatesHaveOneEffect(t *testing.T) {
	t.Parallel()
	i := instance.StartBinary(t)
	owner, editor, theirs := i.As("owner@acme"), i.As("editor@acme"), i.As("owner@umbrella")
	d, all := catalogue.Document(t, i), catalogue.Kinds(t)
	for number, k := range all {
		if !k.Has("POST", "") {
			continue
		}
		path := k.At(owner, d, "above", catalogue.ByName(all))
		body := d.Generate(t, owner, k.Name, "once", number, catalogue.ByName(all))
		first := owner.Call("POST", path, body, "Idempotency-Key", "k1")
		again := owner.Call("POST", path, body, "Idempotency-Key", "k1")
		if first.Status != 201 || again.Status != 201 || string(first.Body) != string(again.Body) ||
			again.Header.Get("Location") != first.Header.Get("Location") {
			t.Errorf("%s: a repeated create answers %d %s, first %d %s", k.Name, again.Status, again.Body, first.Status, first.Body)
		}
		other := d.Generate(t, owner, k.Name, "other", number+100, catalogue.ByName(all))
		if answer := owner.Call("POST", path, other, "Idempotency-Key", "k1"); answer.Status != 422 && !reflect.DeepEqual(other, body) {
			t.Errorf("%s: the key with another body answers %d", k.Name, answer.Status)
		}
		if answer := owner.Call("POST", path, other, "Idempotency-Key", strings.Repeat("k", 300)); answer.Status != 400 {
			t.Errorf("%s: a long key answers %d", k.Name, answer.Status)
		}
		if answer := theirs.Call("POST", path, body, "Idempotency-Key", "k1"); answer.Status == 201 &&
			string(answer.Body) == string(first.Body) {
			t.Errorf("%s: another organization's key is answered with this one's row", k.Name)
		}
	}
	var wait sync.WaitGroup
	ids := make([]string, 40)
	for n := range ids {
		wait.Go(func() {
			answer, err := editor.Try("POST", "assets", map[string]any{"name": "raced"}, "Idempotency-Key", "race")
			var made struct{ Data struct{ ID string } }
			if err == nil {
				err = json.Unmarshal(answer.Body, &made)
			}
			if err != nil || answer.Status != 201 {
				t.Errorf("%v %d %s", err, answer.Status, answer.Body)
			}
			ids[n] = made.Data.ID
		})
	}
	wait.Wait()
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 1 {
		t.Errorf("equal requests at once made %v", ids)
	}
}

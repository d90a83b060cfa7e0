package acceptance

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestRepeatedCreatesHaveOneEffect(t *testing.T) {
	t.Parallel()
	i := start(t)
	owner, editor, theirs, d, all := i.as("owner@acme"), i.as("editor@acme"), i.as("owner@umbrella"), document(t, i), kinds(t)
	for number, k := range all {
		if !k.has("POST", "") {
			continue
		}
		path := k.at(owner, d, "above", byName(all))
		body := d.generate(t, owner, k.name, "once", number, byName(all))
		first := owner.call("POST", path, body, "Idempotency-Key", "k1")
		again := owner.call("POST", path, body, "Idempotency-Key", "k1")
		if first.status != 201 || again.status != 201 || string(first.body) != string(again.body) || again.header.Get("Location") != first.header.Get("Location") {
			t.Errorf("%s: a repeated create answers %d %s, first %d %s", k.name, again.status, again.body, first.status, first.body)
		}
		other := d.generate(t, owner, k.name, "other", number+100, byName(all))
		if answer := owner.call("POST", path, other, "Idempotency-Key", "k1"); answer.status != 422 && !reflect.DeepEqual(other, body) {
			t.Errorf("%s: the key with another body answers %d", k.name, answer.status)
		}
		if answer := owner.call("POST", path, other, "Idempotency-Key", strings.Repeat("k", 300)); answer.status != 400 {
			t.Errorf("%s: a long key answers %d", k.name, answer.status)
		}
		if answer := theirs.call("POST", path, body, "Idempotency-Key", "k1"); answer.status == 201 && string(answer.body) == string(first.body) {
			t.Errorf("%s: another organization's key is answered with this one's row", k.name)
		}
	}
	var wait sync.WaitGroup
	ids := make([]string, 40)
	for n := range ids {
		wait.Go(func() {
			answer, err := editor.try("POST", "assets", map[string]any{"name": "raced"}, "Idempotency-Key", "race")
			var made struct{ Data struct{ ID string } }
			if err == nil {
				err = json.Unmarshal(answer.body, &made)
			}
			if err != nil || answer.status != 201 {
				t.Errorf("%v %d %s", err, answer.status, answer.body)
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

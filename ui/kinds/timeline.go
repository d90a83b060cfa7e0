package kinds

import (
	"encoding/json"
	"slices"
	"strings"

	"zygo/app/field"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// TimelineRows is how much of the ledger a page shows.
const TimelineRows = 20

// Timeline is what happened to a row, newest first, from the ledger.
func Timeline(v *web.Visit, kind resource.Resource, id string, rows int) ([]markup.TimelineEntry, error) {
	read := v.Person.Entries
	if kind.Spec().Operators {
		read = v.Person.InstanceEntries
	}
	entries, err := read(id, 0, rows)
	if err != nil {
		return nil, err
	}
	known, err := mentioned(v, kind, entries)
	if err != nil {
		return nil, err
	}
	viewer := v.Viewer()
	timeline := make([]markup.TimelineEntry, len(entries))
	for i := range entries {
		e := &entries[i]
		verb := strings.TrimPrefix(e.Action, e.Kind+".")
		timeline[i] = markup.TimelineEntry{
			At:    e.At.Go(),
			Icon:  eventIcon(kind.Spec(), verb),
			Actor: actorName(e),
			Text:  eventText(kind.Spec(), verb, e.Result),
		}
		if e.ActorName == "" && isState(kind.Spec(), verb) { // it came to that by itself
			timeline[i].Actor, timeline[i].Text = "", "This "+web.Lower(kind.Spec().Label())+" "+verb
		}
		if e.Result != resource.Success {
			timeline[i].Icon, timeline[i].Tone = "ban", markup.Warn
		} else if verb != "created" {
			timeline[i].Changes = changes(v, kind.Spec(), e.Changes, known, viewer)
		}
	}
	return timeline, nil
}

// difference is a field of an entry's changes.
type difference struct{ From, To json.RawMessage }

func differences(e *resource.Entry) map[string]difference {
	var changes map[string]difference
	// An entry without changes has none to show.
	_ = json.Unmarshal(e.Changes, &changes)
	return changes
}

// mentioned reads the titles of the rows that the entries refer to.
func mentioned(v *web.Visit, kind resource.Resource, entries []resource.Entry) (widget.Titles, error) {
	ids := map[string][]string{}
	for i := range entries {
		for name, change := range differences(&entries[i]) {
			f, ok := kind.Spec().Field(name)
			if !ok || f.To == "" {
				continue
			}
			for _, raw := range []json.RawMessage{change.From, change.To} {
				value := f.New()
				if f.Type.FromJSON(f, raw, value) == nil {
					ids[f.To] = append(ids[f.To], f.Refers(value)...)
				}
			}
		}
	}
	known := widget.Titles{}
	if err := widget.ReadTitles(v, ids, known); err != nil {
		return nil, err
	}
	return known, nil
}

// changes are the fields before and after, in the order of the kind. A document says only that it changed.
func changes(v *web.Visit, spec *resource.Spec, raw field.JSON, known widget.Titles, viewer markup.Viewer) []markup.Change {
	var shown []markup.Change
	found := differences(&resource.Entry{Changes: raw})
	for _, f := range spec.Fields {
		change, ok := found[f.Name]
		if !ok {
			continue
		}
		if widget.Of(f).Section != nil {
			shown = append(shown, markup.Change{Field: f.Label, After: "changed"})
			continue
		}
		one := markup.Change{
			Field:  f.Label,
			Before: widget.Words(v, f, change.From, known, viewer),
			After:  widget.Words(v, f, change.To, known, viewer),
		}
		if one.After == "" {
			one.After = "nothing"
		}
		shown = append(shown, one)
	}
	return shown
}

func actorName(e *resource.Entry) string {
	switch {
	case e.ActorName != "":
		return e.ActorName
	case e.ActorKind == "execution" && e.ActorID == e.ResourceID, e.ActorKind == "system":
		return "Zygo"
	case e.ActorKind == "execution":
		return "A workflow"
	}
	return "Somebody"
}

// eventText says what was done: "acknowledged this incident", "was refused to delete this asset".
func eventText(spec *resource.Spec, verb, result string) string {
	words := strings.ReplaceAll(verb, "_", " ")
	this := " this " + web.Lower(spec.Label())
	switch {
	case result == resource.Denied:
		return "was refused to " + words + this
	case result == resource.Failure:
		return "failed to " + words
	case verb == "updated":
		return "changed" + this
	}
	return words + this
}

// isState tells whether a verb is also a state of the kind's rows, such as succeeded.
func isState(spec *resource.Spec, verb string) bool {
	state, ok := spec.Field(spec.State)
	return ok && slices.ContainsFunc(state.Choices, func(c field.Choice) bool { return c.Value == verb })
}

func eventIcon(spec *resource.Spec, verb string) string {
	at := slices.IndexFunc(spec.Actions, func(a resource.ActionSpec) bool { return a.Event == verb })
	if at >= 0 && spec.Actions[at].Icon != "" {
		return spec.Actions[at].Icon
	}
	switch verb {
	case "created":
		return "plus"
	case "deleted":
		return "trash-2"
	case "restored":
		return "undo-2"
	case "updated":
		return "pencil"
	}
	return "activity"
}

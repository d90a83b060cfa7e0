package ops

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/resource"
)

// IncidentEntry is one line of the story of an incident: what somebody saw or did, or what Zygo noted by itself.
type IncidentEntry struct {
	resource.Row
	Incident   field.Ref      `z:"to=incident"`
	Text       field.Markdown `z:"required,max=20000,list,search"`
	Source     EntrySource    `z:"default=typed,list,readonly"`
	HappenedAt field.Time     `z:"list,short,help=When it happened; empty is now."`
	Author     field.Ref      `z:"to=user,list,readonly"`
}

// EntrySource says where an entry came from.
type EntrySource string

// The sources.
const (
	Typed     EntrySource = "typed"
	Automatic EntrySource = "automatic"
	Chat      EntrySource = "chat"
)

// Choices lists the sources.
func (EntrySource) Choices() []field.Choice {
	return []field.Choice{{Value: "typed", Label: "Typed"}, {Value: "automatic", Label: "Automatic"}, {Value: "chat", Label: "Chat"}}
}

// IncidentEntries is the kind.
var IncidentEntries = resource.Kind[IncidentEntry]{
	Name:   "incident_entry",
	Plural: "incident_entries",
	Label:  "timeline entry",
	Path:   "timeline",
	Parent: "incident",
	Icon:   "message-square",
	Order:  "-happened_at",
	Help:   "A timeline entry tells what somebody saw or did, so that the story of the incident can be read later.",
	Check:  (*IncidentEntry).check,
}

func (e *IncidentEntry) check(c *resource.Change[IncidentEntry]) error {
	if e.HappenedAt == 0 {
		e.HappenedAt = c.Now
	}
	if c.Verb == resource.Create && c.Actor.Kind == "user" {
		e.Author = field.Ref(c.Actor.Person())
	}
	return nil
}

// note adds what Zygo itself knows to an incident's story. That of one in the trash does not go on.
func note(s *resource.Session, incident, text string) error {
	_, err := IncidentEntries.Create(s, func(e *IncidentEntry) error {
		e.Incident, e.Text, e.Source = field.Ref(incident), field.Markdown(text), Automatic
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

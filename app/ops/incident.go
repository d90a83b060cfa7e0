package ops

import (
	"zygo/app/field"
	"zygo/app/resource"
)

// Incident is something broken that people are working on now. It is never reopened: a relapse is a new incident that
// Follows the old one, so that the time to resolve stays honest.
type Incident struct {
	resource.Row
	Title          string         `z:"required,max=200,list,search"`
	Severity       Severity       `z:"default=sev3,list,short"`
	State          IncidentState  `z:"default=open,list,readonly"`
	Asset          field.Ref      `z:"to=asset,list,short"`
	Assignee       field.Ref      `z:"to=user,list,short"`
	Follows        field.Ref      `z:"to=incident,filter,fold,help=The earlier incident that this one is a relapse of."`
	Summary        field.Markdown `z:"max=20000,search,help=What is broken, for whom, and since when."`
	Tags           field.Tags     `z:"filter"`
	AcknowledgedAt field.Time     `z:"readonly"`
	ResolvedAt     field.Time     `z:"readonly"`
}

// Severity says how bad an incident is, from sev1 (everything stands still) to sev4 (a nuisance).
type Severity string

// Choices lists the severities, worst first.
func (Severity) Choices() []field.Choice {
	return []field.Choice{{Value: "sev1", Label: "Sev 1", Tone: "red"}, {Value: "sev2", Label: "Sev 2", Tone: "amber"}, {Value: "sev3", Label: "Sev 3", Tone: "blue"}, {Value: "sev4", Label: "Sev 4", Tone: "grey"}}
}

// IncidentState is how far the work on an incident is.
type IncidentState string

// The states in their order.
const (
	Open         IncidentState = "open"
	Acknowledged IncidentState = "acknowledged"
	Resolved     IncidentState = "resolved"
)

// Choices lists the states.
func (IncidentState) Choices() []field.Choice {
	return []field.Choice{{Value: "open", Label: "Open", Tone: "red"}, {Value: "acknowledged", Label: "Acknowledged", Tone: "amber"}, {Value: "resolved", Label: "Resolved", Tone: "green"}}
}

// Incidents is the kind.
var Incidents = resource.Kind[Incident]{
	Name: "incident", Area: "Operations", Icon: "flame", State: "state",
	Help: "An incident is something broken that people are working on now.",
	Actions: []resource.Action[Incident]{
		{Name: "acknowledge", Icon: "eye", When: (*Incident).isOpen, Do: (*Incident).acknowledge},
		{Name: "resolve", Icon: "check", When: (*Incident).isUnresolved, Do: (*Incident).resolve},
	},
}

func (i *Incident) isOpen() bool       { return i.State == Open }
func (i *Incident) isUnresolved() bool { return i.State != Resolved }

// acknowledge makes the actor the assignee where nobody is yet: who says "I have seen it" works on it.
func (i *Incident) acknowledge(s *resource.Session) error {
	i.State, i.AcknowledgedAt = Acknowledged, s.Now
	if i.Assignee == "" && s.Actor.Kind == "user" {
		i.Assignee = field.Ref(s.Actor.ID)
	}
	return nil
}

func (i *Incident) resolve(s *resource.Session) error {
	i.State, i.ResolvedAt = Resolved, s.Now
	if i.AcknowledgedAt == 0 {
		i.AcknowledgedAt = s.Now
	}
	return nil
}

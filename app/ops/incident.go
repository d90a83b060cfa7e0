package ops

import (
	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/module"
	"zygo/app/resource"
)

// Incident is something broken that people are working on now. It is never reopened: a relapse is a new incident that
// Follows the old one, so that the time to resolve stays honest.
type Incident struct {
	resource.Row
	Title          string         `z:"required,max=200,list,search"`
	Severity       Severity       `z:"default=sev3,list,short"`
	Source         string         `z:"max=100,filter,short,dropdown=incident_source,help=Where it was noticed."`
	State          IncidentState  `z:"default=open,list,readonly"`
	Assets         field.Refs     `z:"to=asset,filter,help=What it concerns."`
	Assignee       field.Ref      `z:"to=user,inverse=Incidents that they work on,list,short,help=Who works on it."`
	Commander      field.Ref      `z:"to=user,inverse=Incidents that they lead,filter,short,help=Who leads and speaks to the others."`
	Runbook        field.Ref      `z:"to=runbook,filter,short,help=What to do."`
	Follows        field.Ref      `z:"to=incident,inverse=Relapses of this incident,filter,fold,help=The earlier incident that this one is a relapse of."`
	Summary        field.Markdown `z:"max=20000,search,help=What is broken, for whom, and since when."`
	Tags           field.Tags     `z:"filter"`
	Custom         field.Custom
	MergedInto     field.Ref      `z:"to=incident,readonly"`
	Resolution     field.Markdown `z:"max=20000,search,readonly"`
	AcknowledgedAt field.Time     `z:"readonly"`
	MitigatedAt    field.Time     `z:"readonly"`
	ResolvedAt     field.Time     `z:"readonly"`
	ClosedAt       field.Time     `z:"readonly"`
}

// Severity says how bad an incident is, from sev1 (everything stands still) to sev4 (a nuisance).
type Severity string

// Choices lists the severities, worst first.
func (Severity) Choices() []field.Choice {
	return []field.Choice{
		{Value: "sev1", Label: "Sev 1", Tone: "red"},
		{Value: "sev2", Label: "Sev 2", Tone: "amber"},
		{Value: "sev3", Label: "Sev 3", Tone: "blue"},
		{Value: "sev4", Label: "Sev 4", Tone: "grey"},
	}
}

// IncidentState is how far the work on an incident is.
type IncidentState string

// The states in their order.
const (
	Open         IncidentState = "open"
	Acknowledged IncidentState = "acknowledged"
	Mitigated    IncidentState = "mitigated"
	Resolved     IncidentState = "resolved"
	Closed       IncidentState = "closed"
)

// Choices lists the states.
func (IncidentState) Choices() []field.Choice {
	return []field.Choice{
		{Value: "open", Label: "Open", Tone: "red"},
		{Value: "acknowledged", Label: "Acknowledged", Tone: "amber"},
		{Value: "mitigated", Label: "Mitigated", Tone: "blue"},
		{Value: "resolved", Label: "Resolved", Tone: "green"},
		{Value: "closed", Label: "Closed", Tone: "grey"},
	}
}

// Incidents is the kind.
var Incidents = resource.Kind[Incident]{
	Shared: true, Name: "incident", Area: "Operations", Icon: "flame", State: "state",
	Help: "An incident is something broken that people are working on now.",
	Actions: []resource.Action[Incident]{
		{Name: "acknowledge", Icon: "eye", When: (*Incident).isOpen, Do: (*Incident).acknowledge},
		{Name: "mitigate", Icon: "shield", When: (*Incident).isWorkedOn, Do: (*Incident).mitigate},
		{Name: "resolve", Icon: "check", When: (*Incident).isUnresolved, Ask: resource.Ask((*Incident).resolve)},
		{Name: "close", Icon: "archive", When: (*Incident).isResolved, Do: (*Incident).close},
		{Name: "merge", Icon: "git-merge", When: (*Incident).isUnresolved, Ask: resource.Ask((*Incident).merge)},
	},
}

func (i *Incident) isOpen() bool       { return i.State == Open }
func (i *Incident) isWorkedOn() bool   { return i.State == Open || i.State == Acknowledged }
func (i *Incident) isResolved() bool   { return i.State == Resolved }
func (i *Incident) isUnresolved() bool { return i.State != Resolved && i.State != Closed }

// acknowledge makes the actor the assignee where nobody is yet: who says "I have seen it" works on it.
func (i *Incident) acknowledge(s *resource.Session) error {
	i.seen(s)
	i.State = Acknowledged
	if i.Assignee == "" && s.Actor.Kind == "user" {
		i.Assignee = field.Ref(s.Actor.Person())
	}
	return note(s, i.ID, s.Actor.Name+" acknowledged it.")
}

// seen keeps the time to acknowledge honest where a later state came first.
func (i *Incident) seen(s *resource.Session) {
	if i.AcknowledgedAt == 0 {
		i.AcknowledgedAt = s.Now
	}
}

func (i *Incident) mitigate(s *resource.Session) error {
	i.seen(s)
	i.State, i.MitigatedAt = Mitigated, s.Now
	return note(s, i.ID, s.Actor.Name+" stopped the harm.")
}

// Resolution is what is told when an incident is resolved.
type Resolution struct {
	Resolution field.Markdown `z:"max=20000,help=What was wrong, and what mended it."`
}

func (i *Incident) resolve(in *Resolution, s *resource.Session) error {
	i.seen(s)
	i.State, i.ResolvedAt, i.Resolution = Resolved, s.Now, in.Resolution
	return note(s, i.ID, s.Actor.Name+" resolved it.")
}

func (i *Incident) close(s *resource.Session) error {
	i.State, i.ClosedAt = Closed, s.Now
	return note(s, i.ID, s.Actor.Name+" closed it.")
}

// Merge names the incident that goes on.
type Merge struct {
	Into field.Ref `z:"to=incident,required,help=The incident that goes on; this one is closed."`
}

// merge ends this incident in favour of another that means the same, which learns of it in its timeline.
func (i *Incident) merge(in *Merge, s *resource.Session) error {
	other, err := resource.Read[Incident](s, string(in.Into))
	switch {
	case err != nil:
		return err
	case other.ID == i.ID:
		return fault.InvalidField("into", "must be another incident")
	case !other.isUnresolved():
		return fault.InvalidField("into", "must be an incident that is not resolved yet")
	}
	i.seen(s)
	i.State, i.ClosedAt, i.MergedInto = Closed, s.Now, in.Into
	if err := note(s, other.ID, "**"+i.Title+"** was merged into this incident."); err != nil {
		return err
	}
	return note(s, i.ID, s.Actor.Name+" merged it into **"+other.Title+"**.")
}

// openIncidents are what people work on now, the worst first.
var openIncidents = module.HomeBlock{
	Kind:    "incident",
	Title:   "Open incidents",
	Rank:    1,
	Filters: module.Where(module.Is("state", "open", "acknowledged")),
	SortBy:  "severity",
	Counts: []module.HomeCount{
		{Label: "Sev 1", Tone: "red", More: module.Where(module.Is("severity", "sev1"))},
		{Label: "Sev 2", Tone: "amber", More: module.Where(module.Is("severity", "sev2"))},
		{Label: "Sev 3", Tone: "blue", More: module.Where(module.Is("severity", "sev3"))},
		{Label: "Sev 4", Tone: "grey", More: module.Where(module.Is("severity", "sev4"))},
		{Label: "Mine", Tone: "grey", More: func(s *resource.Session) []resource.Filter {
			return []resource.Filter{module.Is("assignee", s.Actor.ID)}
		}},
	},
}

package tenants

import (
	"slices"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/operation"
	"zygo/app/resource"
)

// Step is one of the things that a new organization does first. Whether it is done is seen in what there is; only that it
// was skipped is kept.
type Step struct {
	Name    string `json:"name"`
	Done    bool   `json:"done"`
	Skipped bool   `json:"skipped"`
}

// steps are the first steps in their order: those of the organization itself, then kinds of which there is a row.
var steps = []string{"branding", "people", "workflow", "asset", "secret"}

type skippedStep struct {
	TenantID string
	Step     string
	At       field.Time
}

var skippedSteps = skippedStepTable()

func skippedStepTable() *resource.Table {
	t := resource.NewTable[skippedStep]("skipped_step")
	t.Key = []string{"tenant_id", "step"}
	return t
}

func listSteps(s *resource.Session, _ *struct{}) ([]Step, error) { return FirstSteps(s) }

// FirstSteps tells how far the organization has come, as far as the person may see it.
func FirstSteps(s *resource.Session) ([]Step, error) {
	tenant, err := Kind.Get(s, s.Tenant())
	if err != nil {
		return nil, err
	}
	skipped, err := resource.Select[string](s, "SELECT step FROM {skipped_step}")
	if err != nil {
		return nil, err
	}
	all := []Step{}
	for _, name := range steps {
		step := Step{Name: name, Skipped: slices.Contains(skipped, name)}
		switch name {
		case "branding":
			step.Done = tenant.Logo.ID != ""
		case "people":
			members, err := resource.SelectOne[int](s, "SELECT count(*) FROM {membership}")
			if err != nil {
				return nil, err
			}
			step.Done = members > 1
		default:
			kind, ok := s.Kernel().Kind(name)
			if !ok || !s.May(kind.Spec(), resource.List) {
				continue
			}
			page, err := kind.List(s, resource.Query{Limit: 1})
			if err != nil {
				return nil, err
			}
			step.Done = page.Total > 0
		}
		all = append(all, step)
	}
	return all, nil
}

type stepInput struct {
	Step string
}

func skipStep(s *resource.Session, in *stepInput) (operation.Done, error) {
	return operation.Done{}, SkipStep(s, in.Step)
}

// SkipStep takes a step off the list of the whole organization, until somebody takes it up again.
func SkipStep(s *resource.Session, name string) error {
	if !slices.Contains(steps, name) {
		return fault.New(fault.NotFound, "There is no step %q.", name)
	}
	if err := Kind.Require(s, resource.Update); err != nil {
		return err
	}
	return s.Write(func(s *resource.Session) error {
		if err := s.Put(skippedSteps, &skippedStep{Step: name, At: s.Now}); err != nil {
			return err
		}
		return s.Record("tenant", "skipped_step_of", s.Tenant(), resource.Success)
	})
}

func resumeSteps(s *resource.Session, _ *struct{}) (operation.Done, error) {
	return operation.Done{}, ResumeSteps(s)
}

// ResumeSteps puts every skipped step on the list again.
func ResumeSteps(s *resource.Session) error {
	if err := Kind.Require(s, resource.Update); err != nil {
		return err
	}
	return s.Write(func(s *resource.Session) error {
		if _, err := s.Erase(skippedSteps); err != nil {
			return err
		}
		return s.Record("tenant", "resumed_steps_of", s.Tenant(), resource.Success)
	})
}

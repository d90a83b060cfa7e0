package flow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"zygo/app/fault"
	"zygo/app/flow/node"
	"zygo/app/request"
	"zygo/app/resource"
	"zygo/app/value"
)

// records lets the nodes of an execution work with records, within the rights that the publisher of its version has at this moment.
// What they do is in the ledger in the name of the execution.
type records struct{ run *run }

var errPublisherGone = &node.Error{
	Code:    "PUBLISHER_GONE",
	Message: "The workflow acts with the rights of the person who published it, who is no active member any more. Publish it again.",
}

// Do carries out a request.
func (d records) Do(ctx context.Context, p *node.Record, key string) ([]value.Value, bool, error) {
	row, by := &d.run.row, d.run.program.publisher
	actor := resource.Actor{Kind: "execution", ID: row.ID, Name: d.run.program.workflowName, OnBehalfOf: by}
	s, err := d.run.engine.member(ctx, row.TenantID, by, actor)
	if err != nil {
		return nil, false, err
	}
	if s == nil {
		return nil, false, errPublisherGone
	}
	kind, err := kindOf(s, p)
	if err != nil {
		return nil, false, err
	}
	if spec := kind.Spec(); spec.Parent != nil && p.Parent == "" {
		return nil, false, recordError(fault.InvalidField("parent", "is required: %s stands below another record", spec.One()))
	} else if spec.Parent != nil {
		if kind, err = kind.Under(s, p.Parent); err != nil {
			return nil, false, recordError(err)
		}
	}
	if p.Operation == "list" {
		found, more, err := listRecords(s, kind, p, d.run.built.Take)
		return found, more, recordError(err)
	}
	one, err := writeRecord(s, kind, p, key)
	if err != nil {
		return nil, false, recordError(err)
	}
	read, err := value.Parse(one, value.Limits{})
	return []value.Value{read}, false, err
}

// verbOf is the right that an operation asks for.
func verbOf(p *node.Record) string {
	if p.Operation == "act" {
		return p.Action
	}
	return string(p.Operation)
}

// kindOf is the kind that a request names, if its surfaces offer what the request does.
func kindOf(s *resource.Session, p *node.Record) (resource.Resource, error) {
	kind, ok := s.Kernel().Kind(p.Kind)
	if !ok || kind.Spec().Operators {
		var known []string
		for _, kind := range s.Kernel().Kinds() {
			if !kind.Spec().Operators {
				known = append(known, kind.Spec().Name)
			}
		}
		slices.Sort(known)
		return nil, fault.InvalidField("kind", "%.64q is no kind of record; there are %s", p.Kind, strings.Join(known, ", "))
	}
	spec := kind.Spec()
	if p.Operation == "act" {
		if !slices.ContainsFunc(spec.Actions, func(a resource.ActionSpec) bool { return a.Name == p.Action }) {
			return nil, fault.InvalidField("action", "%.64q is nothing that can be done with %s", p.Action, spec.One())
		}
	} else if !spec.Has(string(p.Operation)) {
		return nil, fault.InvalidField("operation", "can't be done with %s", spec.One())
	}
	return kind, nil
}

// listRecords reads pages until there are enough.
func listRecords(s *resource.Session, kind resource.Resource, p *node.Record,
	take func(int) error) (found []value.Value, more bool, err error) {
	order, descending := strings.CutPrefix(string(p.Order), "-")
	q := resource.Query{Search: p.Search, SortBy: order, Descending: descending}
	for _, f := range p.Filters {
		q.Filters = append(q.Filters, resource.Filter{Field: string(f.Field), Operator: string(f.Operator), Values: []string{f.Value}})
	}
	for {
		q.Limit = min(p.Most-len(found), resource.MostRows)
		page, err := kind.List(s, q)
		if err != nil {
			return nil, false, err
		}
		for _, row := range page.Rows {
			json := kind.AppendJSON(nil, row, nil)
			if err := take(len(json)); err != nil {
				return nil, false, err
			}
			read, err := value.Parse(json, value.Limits{})
			if err != nil {
				return nil, false, err
			}
			found = append(found, read)
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" || len(found) >= p.Most {
			return found, q.Cursor != "", nil
		}
	}
}

// writeRecord gives the record after a change, or as it is. A repetition of the step, after a crash too, changes nothing more.
func writeRecord(s *resource.Session, kind resource.Resource, p *node.Record, key string) ([]byte, error) {
	if p.Operation == "get" {
		record, err := kind.Get(s, p.ID)
		if err != nil {
			return nil, err
		}
		return kind.AppendJSON(nil, record, nil), nil
	}
	in := resource.Input{}
	for _, v := range p.Values {
		given := v.Value
		if given.IsMissing() {
			given = value.Null()
		}
		in[string(v.Name)] = resource.Given{Raw: given.AppendJSON(nil)}
	}
	route := fmt.Sprintf("record %s %s", p.Kind, verbOf(p))
	return request.Once(s, request.Repeatable{Key: key, Route: route}, func(s *resource.Session) ([]byte, error) {
		var record resource.Record
		var err error
		switch p.Operation {
		case "create":
			record, err = kind.Create(s, in)
		case "update":
			record, err = kind.Update(s, p.ID, 0, in)
		case "act":
			record, err = kind.Act(s, p.ID, p.Action, 0, in)
		default:
			if err := kind.Remove(s, p.ID, 0); err != nil {
				return nil, err
			}
			return json.Marshal(map[string]any{"id": p.ID, "deleted": true})
		}
		if err != nil {
			return nil, err
		}
		return kind.AppendJSON(nil, record, nil), nil
	})
}

// recordError is the failure of an item.
func recordError(err error) error {
	f, ok := fault.As(err)
	if !ok {
		return err
	}
	failed := &node.Error{Code: string(f.Code), Message: f.Message, Cause: err}
	failed.Retryable = f.Code == fault.Unavailable || f.Code == fault.RateLimited
	return failed
}

// checkRecords lists what the nodes would be refused that work with records in the rights of the person who publishes.
func (p *program) checkRecords(s *resource.Session) (problems []Problem) {
	for _, u := range p.order {
		settings, ok := node.RecordOf(u.compiled)
		if !ok {
			continue
		}
		kind, err := kindOf(s, settings)
		if err != nil {
			problems = append(problems, problemsAt(u, err)...)
		} else if !s.May(kind.Spec(), verbOf(settings)) {
			problems = append(problems, Problem{Node: u.ID, Field: "operation",
				Message: fmt.Sprintf("needs the permission %s, which you don't have", resource.Permission(kind.Spec().Name, verbOf(settings)))})
		}
	}
	return problems
}

// problemsAt are the faults of a node's fields.
func problemsAt(u *unit, err error) (problems []Problem) {
	fields, _ := fault.Public(err).Details.([]fault.Field)
	for _, f := range fields {
		problems = append(problems, Problem{Node: u.ID, Field: f.Field, Message: f.Message})
	}
	return problems
}

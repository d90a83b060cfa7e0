package ui

import (
	"fmt"
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/request"
	"zygo/app/resource"
)

// bulk does one thing to each of the rows that were selected. What can't be done to one does not hold back the others: the
// list comes back with those that stayed as they were, still selected, each with its reason.
func (s *Site) bulk(kind resource.Resource, verb string) edge.Handler {
	return s.rows(kind, func(v *visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		ids := append(v.form["id"], v.Query["id"]...)
		if len(ids) == 0 || len(ids) > resource.MostRows {
			return nil, fault.New(fault.BadRequest, "Select between 1 and %d %s.", resource.MostRows, lower(spec.PluralLabel()))
		}
		outcomes, err := request.Bulk(v.person.Session, kind, verb, ids, nil)
		if err != nil {
			return nil, err
		}
		var done []string
		var failed []request.Outcome
		for _, outcome := range outcomes {
			switch public := fault.Public(outcome.Err); {
			case outcome.Err == nil:
				done = append(done, outcome.ID)
			case public.Code == fault.Internal || public.Code == fault.Unavailable:
				return nil, outcome.Err
			default:
				failed = append(failed, outcome)
			}
		}
		if verb == resource.Delete && len(done) > 0 {
			v.offerUndo(kind, done)
		}
		if len(failed) == 0 {
			return edge.Redirect(v.listHref(spec)), nil
		}
		return v.partly(kind, pastOf(spec, verb), len(done), failed)
	})
}

// pastOf is what was done to those rows that it could be done to.
func pastOf(spec *resource.Spec, verb string) string {
	for _, action := range spec.Actions {
		if action.Name == verb {
			return lower(action.Event)
		}
	}
	return verb + "d" // deleted, restored, updated
}

// partly shows the list that the rows were selected in, with what could not be done and why.
func (v *visit) partly(kind resource.Resource, past string, done int, failed []request.Outcome) (*edge.Response, error) {
	spec := kind.Spec()
	strip, err := v.bulkStrip(spec, past, done, failed)
	if err != nil {
		return nil, err
	}
	list := *v.Request
	list.Path = "/" + spec.Path
	list.Query, _ = v.cameFrom()
	back := &visit{Request: &list, site: v.site, person: v.person}
	if back.head, err = v.person.Head(); err != nil {
		return nil, err
	}
	page, _, err := back.listPage(kind)
	if err != nil {
		return nil, err
	}
	page.Shell.Notice = strip
	for i := range page.Rows() {
		for _, outcome := range failed {
			page.Table.Rows[i].Chosen = page.Table.Rows[i].Chosen || page.Table.Rows[i].ID == outcome.ID
		}
	}
	return v.show(http.StatusOK, page)
}

func (v *visit) bulkStrip(spec *resource.Spec, past string, done int, failed []request.Outcome) (*Strip, error) {
	ids := make([]string, len(failed))
	for i := range failed {
		ids[i] = failed[i].ID
	}
	names, err := v.person.TitlesOf(spec.Name, ids)
	if err != nil {
		return nil, err
	}
	strip := &Strip{Tone: Warn, Text: fmt.Sprintf("%d of %d %s. %d could not:", done, done+len(failed), past, len(failed))}
	if done == 0 {
		strip.Tone, strip.Text = Bad, fmt.Sprintf("None of %d could be %s:", len(failed), past)
	}
	for _, outcome := range failed {
		link := Link{Label: "Deleted or hidden"}
		if name, found := names[outcome.ID]; found {
			link = Link{Label: name, Href: "/" + spec.Path + "/" + outcome.ID}
		}
		link.Label += " — " + fault.Public(outcome.Err).Message
		strip.Items = append(strip.Items, link)
	}
	return strip, nil
}

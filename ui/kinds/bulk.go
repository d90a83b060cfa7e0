package kinds

import (
	"fmt"
	"net/http"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/request"
	"zygo/app/resource"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// bulk does one thing to each of the rows that were selected. What can't be done to one does not hold back the others: the
// list comes back with those that stayed as they were, still selected, each with its reason.
func bulk(s *web.Site, kind resource.Resource, verb string) edge.Handler {
	return Rows(s, kind, func(v *web.Visit, kind resource.Resource, id string) (*edge.Response, error) {
		spec := kind.Spec()
		ids := append(v.Form["id"], v.Query["id"]...)
		if len(ids) == 0 || len(ids) > resource.MostRows {
			return nil, fault.New(fault.BadRequest, "Select between 1 and %d %s.", resource.MostRows, web.Lower(spec.PluralLabel()))
		}
		outcomes, err := request.Bulk(v.Person.Session, kind, verb, ids, nil)
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
			v.OfferUndo(kind, done)
		}
		if len(failed) == 0 {
			return edge.Redirect(ListHref(v, spec)), nil
		}
		return Partly(v, kind, pastOf(spec, verb), len(done), failed, func(v *web.Visit) (*markup.ListPage, error) {
			page, _, err := ListPage(v, kind)
			return page, err
		})
	})
}

// pastOf is what was done to those rows that it could be done to.
func pastOf(spec *resource.Spec, verb string) string {
	for _, action := range spec.Actions {
		if action.Name == verb {
			return web.Lower(action.Event)
		}
	}
	return verb + "d" // deleted, restored, updated
}

// Partly shows the list that the rows were selected in, which show makes, with what could not be done and why.
func Partly(v *web.Visit, kind resource.Resource, past string, done int, failed []request.Outcome,
	show func(v *web.Visit) (*markup.ListPage, error)) (*edge.Response, error) {
	spec := kind.Spec()
	strip, err := bulkStrip(v, spec, past, done, failed)
	if err != nil {
		return nil, err
	}
	list := *v.Request
	list.Path = "/" + spec.Path
	list.Query, _ = cameFrom(v)
	back := &web.Visit{Request: &list, Site: v.Site, Person: v.Person}
	if back.Head, err = v.Person.Head(); err != nil {
		return nil, err
	}
	page, err := show(back)
	if err != nil {
		return nil, err
	}
	page.Shell.Notice = strip
	for i := range page.Rows() {
		for _, outcome := range failed {
			page.Table.Rows[i].Chosen = page.Table.Rows[i].Chosen || page.Table.Rows[i].ID == outcome.ID
		}
	}
	return v.Show(http.StatusOK, page)
}

func bulkStrip(v *web.Visit, spec *resource.Spec, past string, done int, failed []request.Outcome) (*markup.Strip, error) {
	ids := make([]string, len(failed))
	for i := range failed {
		ids[i] = failed[i].ID
	}
	names, err := v.Person.TitlesOf(spec.Name, ids)
	if err != nil {
		return nil, err
	}
	strip := &markup.Strip{Tone: markup.Warn, Text: fmt.Sprintf("%d of %d %s. %d could not:", done, done+len(failed), past, len(failed))}
	if done == 0 {
		strip.Tone, strip.Text = markup.Bad, fmt.Sprintf("None of %d could be %s:", len(failed), past)
	}
	for _, outcome := range failed {
		link := markup.Link{Label: "Deleted or hidden"}
		if name, found := names[outcome.ID]; found {
			link = markup.Link{Label: name, Href: "/" + spec.Path + "/" + outcome.ID}
		}
		link.Label += " — " + fault.Public(outcome.Err).Message
		strip.Items = append(strip.Items, link)
	}
	return strip, nil
}

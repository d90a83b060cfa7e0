package access

import (
	"fmt"
	"net/http"
	"strings"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity/people"
	"zygo/app/resource"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
	"zygo/ui/widget"
)

// manyForm is one such form: what it asks for, and what it does with the choice.
type manyForm struct {
	kind            resource.Resource
	path, field     string
	heading, submit string
	ids             []string
	carryOut        func(choice string, dryRun bool) (*access.Effects, error)
	// nothing is said where nobody is concerned, missing where nothing was chosen; empty names the choice of nothing.
	nothing, missing, empty string
}

// move is the form that takes rows to another workspace.
func move(s *web.Site, kind resource.Resource) edge.Handler {
	return s.SignedIn(func(v *web.Visit) (*edge.Response, error) {
		ids, err := selected(v, kind)
		if err != nil {
			return nil, err
		}
		what := kinds.CountedRows(len(ids), kind.Spec())
		return many(v, manyForm{
			kind:    kind,
			path:    "/" + kind.Spec().Path + "/bulk/" + kinds.MoveVerb,
			field:   "workspace_id",
			ids:     ids,
			heading: "Move " + what,
			submit:  "Move " + what,
			nothing: "Nobody gains or loses anything by it.",
			empty:   "The whole organization",
			carryOut: func(workspace string, dryRun bool) (*access.Effects, error) {
				return access.Move(v.Person.Session, &access.Moving{
					Kind:        kind.Spec().Name,
					IDs:         ids,
					WorkspaceID: workspace,
					DryRun:      dryRun,
				})
			},
		})
	})
}

// assign is the form that gives members a role.
func assign(v *web.Visit) (*edge.Response, error) {
	kind := v.Site.Kind(people.Memberships.Name)
	ids, err := selected(v, kind)
	if err != nil {
		return nil, err
	}
	return many(v, manyForm{
		kind:    kind,
		path:    web.MembersPath + "/bulk/" + kinds.AssignVerb,
		field:   "role",
		ids:     ids,
		heading: "Role of " + kinds.CountedRows(len(ids), kind.Spec()),
		submit:  "Give them the role",
		nothing: "They have the role already.",
		missing: "Choose the role that they get.",
		carryOut: func(role string, dryRun bool) (*access.Effects, error) {
			return access.Assign(v.Person.Session, &access.Assigning{IDs: ids, Role: role, DryRun: dryRun})
		},
	})
}

// selected are the rows that were chosen in a list.
func selected(v *web.Visit, kind resource.Resource) ([]string, error) {
	ids := v.Form["id"]
	if len(ids) == 0 || len(ids) > resource.MostRows {
		return nil, fault.New(fault.BadRequest, "Select between 1 and %d %s.", resource.MostRows, web.Lower(kind.Spec().PluralLabel()))
	}
	return ids, nil
}

// many asks for the choice, tells what it would do, and does it when the choice is the one that was told about.
func many(v *web.Visit, f manyForm) (*edge.Response, error) {
	chosen, given := v.Form.Get(f.field), v.Form.Has(f.field)
	page, err := manyPage(v, f, chosen)
	if err != nil {
		return nil, err
	}
	if !given {
		return v.Show(http.StatusOK, page)
	}
	if chosen == "" && f.missing != "" {
		page.Groups[0].Rows[0][0].Error = f.missing
		return v.Show(edge.Status(fault.Invalid), page)
	}
	looked := v.Form.Has("looked_at") && v.Form.Get("looked_at") == chosen
	effects, err := f.carryOut(chosen, !looked)
	if err != nil {
		public := fault.Public(err)
		if public.Code == fault.Internal || web.IsStale(err) {
			return nil, err
		}
		page.Notice = &markup.Strip{Tone: markup.Bad, Text: public.Message}
		for name, message := range web.FieldErrors(err) {
			page.Notice.Text = web.Sentence(name, message)
		}
		return v.ShowRefused(public, page)
	}
	if looked {
		return edge.Redirect(kinds.ListHref(v, f.kind.Spec())), nil
	}
	page.Notice, page.Submit = effectStrip(v, effects, f.nothing), f.submit
	page.Hidden = append(page.Hidden, markup.Hidden{Name: "looked_at", Value: chosen})
	return v.Show(http.StatusOK, page)
}

func manyPage(v *web.Visit, f manyForm, chosen string) (*markup.FormPage, error) {
	spec := f.kind.Spec()
	of, _ := spec.Field(f.field)
	view, err := widget.Field(v, of, chosen)
	if err != nil {
		return nil, err
	}
	view.First, view.Required = true, true
	if len(view.Options) > 0 && view.Options[0].Value == "" && f.empty != "" {
		view.Options[0].Label = f.empty
	}
	page := &markup.FormPage{
		Shell:   v.Shell(f.heading),
		Crumbs:  []markup.Crumb{{Label: spec.PluralLabel(), Href: kinds.ListHref(v, spec)}},
		Heading: f.heading,
		Submit:  "Look who gains and loses",
		Action:  f.path + kinds.Kept(v),
		Cancel:  kinds.ListHref(v, spec),
		Groups:  []markup.FieldGroup{{Rows: [][]markup.FieldView{{view}}}},
	}
	for _, id := range f.ids {
		page.Hidden = append(page.Hidden, markup.Hidden{Name: "id", Value: id})
	}
	return page, nil
}

// shownEffects are the members who are named.
const shownEffects = 20

// effectStrip says in sentences what a change would do.
func effectStrip(v *web.Visit, effects *access.Effects, nothing string) *markup.Strip {
	if len(effects.Members) == 0 {
		return &markup.Strip{Tone: markup.Good, Text: nothing}
	}
	gain, lose := 0, 0
	strip := &markup.Strip{Tone: markup.Info}
	for at, e := range effects.Members {
		var parts []string
		if len(e.Gains) > 0 {
			gain++
			parts = append(parts, "can then "+web.Lower(inWords(widget.PermissionWords(v, e.Gains))))
		}
		if len(e.Loses) > 0 {
			lose++
			parts = append(parts, "can no longer "+web.Lower(inWords(widget.PermissionWords(v, e.Loses))))
		}
		if at < shownEffects {
			strip.Items = append(strip.Items, markup.Link{Label: e.Name + " " + strings.Join(parts, " and ") + "."})
		}
	}
	strip.Text = fmt.Sprintf("%s would gain by it, and %s would lose.", counted(gain), web.Lower(counted(lose)))
	if lose > 0 {
		strip.Tone = markup.Warn
	}
	if more := len(effects.Members) - shownEffects; more > 0 {
		strip.Items = append(strip.Items, markup.Link{Label: markup.Number(int64(more)) + " more."})
	}
	if effects.Unseen > 0 {
		strip.Remedy = markup.Number(int64(effects.Unseen)) + " members were not looked at: there are too many."
	}
	return strip
}

// counted is a number of members in words.
func counted(n int) string {
	switch n {
	case 0:
		return "Nobody"
	case 1:
		return "1 member"
	}
	return markup.Number(int64(n)) + " members"
}

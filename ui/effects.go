package ui

import (
	"fmt"
	"net/http"
	"strings"

	"zygo/app/access"
	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/resource"
)

// Moving rows to another workspace, and giving members another role, changes who may do what. The form says who gains and
// who loses something before it does it: what was looked at last is what the button then does.

const (
	moveVerb   = "move"
	assignVerb = "role"
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
func (s *Site) move(kind resource.Resource) edge.Handler {
	return s.signedIn(func(v *visit) (*edge.Response, error) {
		ids, err := v.selected(kind)
		if err != nil {
			return nil, err
		}
		what := countedRows(len(ids), kind.Spec())
		return v.many(manyForm{kind: kind, path: "/" + kind.Spec().Path + "/bulk/" + moveVerb, field: "workspace_id", ids: ids, heading: "Move " + what, submit: "Move " + what,
			nothing: "Nobody gains or loses anything by it.", empty: "The whole organization",
			carryOut: func(workspace string, dryRun bool) (*access.Effects, error) {
				return access.Move(v.person.Session, &access.Moving{Kind: kind.Spec().Name, IDs: ids, WorkspaceID: workspace, DryRun: dryRun})
			}})
	})
}

// assign is the form that gives members a role.
func (s *Site) assign(v *visit) (*edge.Response, error) {
	kind := s.kind(identity.Memberships.Name)
	ids, err := v.selected(kind)
	if err != nil {
		return nil, err
	}
	return v.many(manyForm{kind: kind, path: membersPath + "/bulk/" + assignVerb, field: "role", ids: ids, heading: "Role of " + countedRows(len(ids), kind.Spec()), submit: "Give them the role",
		nothing: "They have the role already.", missing: "Choose the role that they get.",
		carryOut: func(role string, dryRun bool) (*access.Effects, error) {
			return access.Assign(v.person.Session, &access.Assigning{IDs: ids, Role: role, DryRun: dryRun})
		}})
}

// selected are the rows that were chosen in a list.
func (v *visit) selected(kind resource.Resource) ([]string, error) {
	ids := v.form["id"]
	if len(ids) == 0 || len(ids) > resource.MostRows {
		return nil, fault.New(fault.BadRequest, "Select between 1 and %d %s.", resource.MostRows, lower(kind.Spec().PluralLabel()))
	}
	return ids, nil
}

// many asks for the choice, tells what it would do, and does it when the choice is the one that was told about.
func (v *visit) many(f manyForm) (*edge.Response, error) {
	chosen, given := v.form.Get(f.field), v.form.Has(f.field)
	page, err := v.manyPage(f, chosen)
	if err != nil {
		return nil, err
	}
	if !given {
		return v.show(http.StatusOK, page)
	}
	if chosen == "" && f.missing != "" {
		page.Groups[0].Rows[0][0].Error = f.missing
		return v.show(edge.Status(fault.Invalid), page)
	}
	looked := v.form.Has("looked_at") && v.form.Get("looked_at") == chosen
	effects, err := f.carryOut(chosen, !looked)
	if err != nil {
		public := fault.Public(err)
		if public.Code == fault.Internal || isStale(err) {
			return nil, err
		}
		page.Notice = &Strip{Tone: Bad, Text: public.Message}
		for name, message := range fieldErrors(err) {
			page.Notice.Text = sentence(name, message)
		}
		return v.showRefused(public, page)
	}
	if looked {
		return edge.Redirect(v.listHref(f.kind.Spec())), nil
	}
	page.Notice, page.Submit = v.effectStrip(effects, f.nothing), f.submit
	page.Hidden = append(page.Hidden, Hidden{"looked_at", chosen})
	return v.show(http.StatusOK, page)
}

func (v *visit) manyPage(f manyForm, chosen string) (*FormPage, error) {
	spec := f.kind.Spec()
	of, _ := spec.Field(f.field)
	view, err := v.field(of, chosen)
	if err != nil {
		return nil, err
	}
	view.First, view.Required = true, true
	if len(view.Options) > 0 && view.Options[0].Value == "" && f.empty != "" {
		view.Options[0].Label = f.empty
	}
	page := &FormPage{Shell: v.shell(f.heading), Crumbs: []Crumb{{spec.PluralLabel(), v.listHref(spec)}}, Heading: f.heading, Submit: "Look who gains and loses", Action: f.path + v.kept(), Cancel: v.listHref(spec),
		Groups: []FieldGroup{{Rows: [][]FieldView{{view}}}}}
	for _, id := range f.ids {
		page.Hidden = append(page.Hidden, Hidden{"id", id})
	}
	return page, nil
}

// shownEffects are the members who are named.
const shownEffects = 20

// effectStrip says in sentences what a change would do.
func (v *visit) effectStrip(effects *access.Effects, nothing string) *Strip {
	if len(effects.Members) == 0 {
		return &Strip{Tone: Good, Text: nothing}
	}
	gain, lose := 0, 0
	strip := &Strip{Tone: Info}
	for at, e := range effects.Members {
		var parts []string
		if len(e.Gains) > 0 {
			gain++
			parts = append(parts, "can then "+lower(inWords(v.permissionWords(e.Gains))))
		}
		if len(e.Loses) > 0 {
			lose++
			parts = append(parts, "can no longer "+lower(inWords(v.permissionWords(e.Loses))))
		}
		if at < shownEffects {
			strip.Items = append(strip.Items, Link{Label: e.Name + " " + strings.Join(parts, " and ") + "."})
		}
	}
	strip.Text = fmt.Sprintf("%s would gain by it, and %s would lose.", people(gain), lower(people(lose)))
	if lose > 0 {
		strip.Tone = Warn
	}
	if more := len(effects.Members) - shownEffects; more > 0 {
		strip.Items = append(strip.Items, Link{Label: Number(int64(more)) + " more."})
	}
	if effects.Unseen > 0 {
		strip.Remedy = Number(int64(effects.Unseen)) + " members were not looked at: there are too many."
	}
	return strip
}

func people(n int) string {
	switch n {
	case 0:
		return "Nobody"
	case 1:
		return "1 member"
	}
	return Number(int64(n)) + " members"
}

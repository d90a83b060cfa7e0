package web

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"zygo/app/edge"
	"zygo/app/resource"
	"zygo/ui/markup"
)

// here is the address of the page, also where it answers a form that was sent from it.
func (v *Visit) here() string {
	if from := v.Form.Get("draft_page"); from != "" {
		return Next(from)
	}
	return v.Path + QueryText(v.Query)
}

// Shell is what surrounds the page.
func (v *Visit) Shell(title string) markup.Shell {
	p := v.Person
	shell := markup.Shell{
		Title: title, Viewer: v.Viewer(), Look: Look(v.Request), Token: edge.NewFormToken(p),
		Person: markup.Person{
			Name:  p.User.Name,
			Email: p.User.Email.String(),
		}, Tenant: markup.Tenant{Name: p.Tenant.Name, Current: true}, Nav: v.Navigation(), Notice: v.deletionNotice(),
		Posted: v.Method == http.MethodPost, Here: v.here(),
	}
	if p.HasAvatar {
		shell.Person.Picture = AvatarPath(p)
	}
	if p.Tenant.ID == "" {
		shell.Tenant.Name = "Zygo"
	} else {
		shell.Live = "/api/v1/events/stream?after=" + strconv.FormatInt(v.Head, 10)
		shell.Find, shell.Owner = "/search", p.Tenant.ID+" "+p.User.ID
	}
	// Anyone who can't read their organizations can't switch them; the page itself is still worth showing.
	tenants, _ := v.Site.Identity.Members.TenantsOf(p)
	for _, t := range tenants {
		shell.Tenants = append(shell.Tenants, markup.Tenant{Name: t.Name, Switch: "/switch/" + t.ID, Current: t.ID == p.Tenant.ID})
		if t.ID == p.Tenant.ID {
			shell.Brand = BrandOf(t)
		}
	}
	if v.Site.Identity.Members.MayCreateTenant(p) {
		shell.Found = CreateTenantPath
	}
	for _, kind := range v.Site.Kernel.Kinds() {
		spec := kind.Spec()
		if shell.Create == "" && spec.Area != "" && settingsArea(spec.Area) < 0 && spec.Has(resource.Create) &&
			p.May(spec, resource.Create) {
			shell.Create = "/" + spec.Path + "/new"
		}
	}
	if !IsFragment(v.Request) {
		shell.Undo, shell.Saved = v.takeUndo(), v.takeSaved()
	}
	return shell
}

// shortCookie carries something to the next page; its life is in seconds, and -1 takes it back.
func (v *Visit) shortCookie(name, value string, life int) string {
	cookie := http.Cookie{
		Name:     name,
		Value:    value,
		Path:     "/",
		MaxAge:   life,
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
		Secure:   v.Secure(),
	}
	return cookie.String()
}

// savedCookie carries over the redirect after a form was taken which draft ends with it.
const savedCookie = "saved"

// draftForm is what the name of a draft may be.
var draftForm = regexp.MustCompile(`^[a-z0-9:_-]{1,200}$`)

// endDraft lets the next page tell the browser that what was typed in a form is stored: a form that was taken is answered by the
// way on, and whatever else answers it ends nothing.
func (v *Visit) endDraft(response *edge.Response) {
	if name := v.Form.Get("draft"); response.Status == http.StatusSeeOther && draftForm.MatchString(name) {
		v.Cookies = append(v.Cookies, v.shortCookie(savedCookie, name, 600))
	}
}

// takeSaved gives the draft once that a form ended.
func (v *Visit) takeSaved() string {
	name := v.Cookie(savedCookie)
	if !draftForm.MatchString(name) {
		return ""
	}
	v.Cookies = append(v.Cookies, v.shortCookie(savedCookie, "", -1))
	return name
}

// undoCookie carries over the redirect after a deletion what can be taken back: the kind and the ids.
const undoCookie = "undo"

// OfferUndo lets the next page take the deletion of rows back.
func (v *Visit) OfferUndo(kind resource.Resource, ids []string) {
	v.Cookies = append(v.Cookies, v.shortCookie(undoCookie, kind.Spec().Name+"~"+strings.Join(ids, "."), 30))
}

// takeUndo gives the offer once: the next page is without it.
func (v *Visit) takeUndo() *markup.Undo {
	name, list, ok := strings.Cut(v.Cookie(undoCookie), "~")
	if !ok {
		return nil
	}
	v.Cookies = append(v.Cookies, v.shortCookie(undoCookie, "", -1))
	kind, ok := v.Site.Kernel.Kind(name)
	if !ok {
		return nil
	}
	ids := strings.Split(list, ".")
	undo := &markup.Undo{
		Text:   kind.Spec().Label() + " deleted.",
		Action: "/" + kind.Spec().Path + "/bulk/restore?id=" + strings.Join(ids, "&id="),
	}
	if len(ids) > 1 {
		undo.Text = fmt.Sprintf("%d %s deleted.", len(ids), Lower(kind.Spec().PluralLabel()))
	}
	for _, id := range ids {
		if !IsID(id) {
			return nil
		}
	}
	return undo
}

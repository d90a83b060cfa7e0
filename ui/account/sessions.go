package account

import (
	"net/http"

	"zygo/app/edge"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// sessions shows where the person is signed in.
func openSessions(v *web.Visit) (*edge.Response, error) {
	open, err := v.Site.Identity.Sessions.List(v.Person)
	if err != nil {
		return nil, err
	}
	page := &markup.DetailPage{
		Shell:   v.Shell("Sessions"),
		Crumbs:  []markup.Crumb{{Label: "Your account", Href: "/settings/profile"}},
		Heading: "Sessions",
		Self:    v.Path,
		Tabs:    web.TabsAt(v.Path),
	}
	for _, one := range open {
		section := markup.Section{
			Title: one.Device,
			Facts: []markup.Fact{
				{Label: "Address", Value: markup.Text(one.Address)},
				{Label: "Last seen", Value: markup.Time(one.LastSeenAt.Go())},
				{Label: "Signed in", Value: markup.Time(one.CreatedAt.Go())},
			},
		}
		if one.Current {
			section.Facts = append([]markup.Fact{
				{Label: "", Value: markup.Badge{Tone: markup.Good, Word: "This session"}},
			}, section.Facts...)
		} else {
			section.Action = &markup.Action{Label: "End session", Icon: "log-out", Post: web.SessionsPath + "/" + one.ID + "/end"}
		}
		page.Main = append(page.Main, section)
	}
	if len(open) > 1 {
		page.Primary = &markup.Action{Label: "End all others", Icon: "log-out", Post: web.SessionsPath + "/end-others"}
	}
	return v.Show(http.StatusOK, page)
}

func endSession(v *web.Visit) (*edge.Response, error) {
	if err := v.Site.Identity.Sessions.EndOne(v.Person, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect(web.SessionsPath), nil
}

func endOtherSessions(v *web.Visit) (*edge.Response, error) {
	if err := v.Site.Identity.Credentials.EndOtherSessions(v.Person); err != nil {
		return nil, err
	}
	return edge.Redirect(web.SessionsPath), nil
}

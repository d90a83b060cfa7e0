package ui

import (
	"net/http"

	"zygo/app/edge"
)

const sessionsPath = "/settings/security/sessions"

// sessions shows where the person is signed in.
func (s *Site) sessions(v *visit) (*edge.Response, error) {
	open, err := s.accounts.Sessions(v.person)
	if err != nil {
		return nil, err
	}
	page := &DetailPage{Shell: v.shell("Sessions"), Crumbs: []Crumb{{"Your account", "/settings/profile"}}, Heading: "Sessions", Self: v.Path, Tabs: tabsAt(v.Path)}
	for _, one := range open {
		section := Section{Title: one.Device, Facts: []Fact{{"Address", Text(one.Address)}, {"Last seen", Time(one.LastSeenAt.Go())}, {"Signed in", Time(one.CreatedAt.Go())}}}
		if one.Current {
			section.Facts = append([]Fact{{"", Badge{Good, "This session"}}}, section.Facts...)
		} else {
			section.Action = &Action{Label: "End session", Icon: "log-out", Post: sessionsPath + "/" + one.ID + "/end"}
		}
		page.Main = append(page.Main, section)
	}
	if len(open) > 1 {
		page.Primary = &Action{Label: "End all others", Icon: "log-out", Post: sessionsPath + "/end-others"}
	}
	return v.show(http.StatusOK, page)
}

func (s *Site) endSession(v *visit) (*edge.Response, error) {
	if err := s.accounts.EndSession(v.person, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect(sessionsPath), nil
}

func (s *Site) endOtherSessions(v *visit) (*edge.Response, error) {
	if err := s.accounts.EndOtherSessions(v.person); err != nil {
		return nil, err
	}
	return edge.Redirect(sessionsPath), nil
}

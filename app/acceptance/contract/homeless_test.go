package contract

import (
	"strings"
	"testing"

	"zygo/app/acceptance/catalogue"
	"zygo/app/acceptance/instance"
)

// TestWhoIsInNoOrganizationIsAnswered asks for every route as somebody who is in no organization: each says so, and none fails.
func TestWhoIsInNoOrganizationIsAnswered(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	const nobody = "00000000-0000-7000-8000-000000000000"
	membership, _ := owner.Member("viewer of acme")
	owner.Expect(200, "DELETE", "memberships/"+membership, nil)
	api := program(&instance.Client{Instance: i, Token: i.SignIn("viewer@acme").AccessToken})
	pages := browser(i, "viewer@acme")
	asked := 0
	for _, r := range catalogue.Routes(t) {
		ends := strings.Contains(r.Path, "logout") || strings.Contains(r.Path, "sign-out") || strings.Contains(r.Path, "sessions") ||
			r.Path == "/api/v1/users/me" || strings.HasSuffix(r.Path, "/stream")
		if r.Permission == "public" || strings.Contains(r.Path, "...") || ends {
			continue
		}
		ask := pages
		if strings.HasPrefix(r.Path, "/api/v1/") {
			ask = api
		}
		answer := ask(r.Method, catalogue.Parameter.ReplaceAllString(r.Path, nobody))
		if answer.Status >= 500 && answer.Status != 503 { // passkeys need an address with a host name
			t.Errorf("%s %s answers %d", r.Method, r.Path, answer.Status)
		}
		asked++
	}
	if asked < 300 {
		t.Errorf("only %d requests were sent", asked)
	}
}

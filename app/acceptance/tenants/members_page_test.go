package tenants

import (
	"testing"

	"zygo/app/acceptance/instance"
	"zygo/ui/browsertest"
)

func TestMembersShowTheirAccountsAndKeepTheirPerson(t *testing.T) {
	t.Parallel()
	i := instance.Start(t)
	owner := i.As("owner@acme")
	place, _ := owner.Member("editor of acme")
	viewer, _ := owner.Member("viewer of acme")
	i.As("editor@acme").Enrol()
	page := i.Enter(t, "owner@acme")
	page.Open("/memberships")
	page.WaitText("editor@acme.test")
	row := `document.getElementById("row-` + place + `").innerText`
	for _, text := range []string{"editor@acme.test", "Yes"} {
		page.Wait(row + `.includes("` + text + `")`)
	}
	page.Wait(`!` + row + `.includes("Never")`)
	page.Wait(`document.getElementById("row-` + viewer + `").innerText.includes("No")`)
	page.ExpectAccessible("the members")

	// What is dangerous stands last in the menu of a row.
	browsertest.Evaluate[bool](page,
		`document.querySelector("#row-`+place+` a").focus(), document.querySelector(".row-menu summary").click(), true`)
	page.Wait(`document.querySelector(".row-menu .panel .entry.danger")`)
	page.Wait(`!document.querySelector(".row-menu .panel hr ~ form .entry:not(.danger), .row-menu .panel hr ~ .entry:not(.danger)")`)
	page.Wait(`document.querySelectorAll(".row-menu .panel hr ~ form .entry.danger").length === document.querySelectorAll(".row-menu .panel .entry.danger").length`)

	page.Open("/memberships/" + place)
	page.WaitText("editor@acme.test")
	page.WaitText("Second factor")
	page.Open("/memberships/" + place + "/edit")
	page.WaitText("Edit member")
	page.Wait(`!document.querySelector("[name=user_id]")`)
	owner.Expect(422, "PATCH", "memberships/"+place, map[string]any{"user_id": owner.Members()["viewer"].ID})

	// Who does not manage members sees nobody's factors.
	other := i.Enter(t, "viewer@acme")
	other.Open("/memberships")
	other.WaitText("editor@acme.test")
	other.WaitNoText("Second factor")
}

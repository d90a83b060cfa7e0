package safety

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"zygo/app/acceptance/instance"
)

// mutants are safeties taken away, one at a time, with the tests that have to notice.
var mutants = map[string]struct{ file, from, to, tests string }{
	"no tenant filter":       {"store/expand.go", `clauses = append(clauses, "tenant_id = ?1")`, `clauses = append(clauses, "?1 = ?1")`, "Organization|Swapped"},
	"no filter on members":   {"app/identity/user.go", `Visible: "id IN (SELECT user_id FROM t_membership WHERE tenant_id = ?1 AND deleted_at IS NULL)"`, `Visible: "?1 = ?1"`, "Organization"},
	"no permission check":    {"app/resource/policy.go", "return s.system || s.Rights.Anywhere(spec.permission(verb), s.Now.Go())", "return true", "Permission"},
	"no ledger entry":        {"app/resource/ledger.go", "return s.tx.Insert(scope, s.kernel.ledger, &e)", "return nil", "Ledger"},
	"no version check":       {"app/resource/write.go", "if version != 0 && version != b.version(row) {", "if false {", "Stale"},
	"a forged field":         {"app/resource/fill.go", "if !f.Writable() {", "if false {", "Stores"},
	"references anywhere":    {"app/resource/kernel.go", "return count == len(ids), err", "return count >= 0, err", "Organization"},
	"unsigned deliveries":    {"app/flow/node/trigger_webhook.go", "if !w.isProven(proof{header, body, now}, key) {", "if false {", "GitHub"},
	"secrets in outputs":     {"app/flow/redact.go", "if len(secret) < shortestRedacted {", "if true {", "Secrets"},
	"no address guard":       {"app/outgoing/guard.go", "func (g *Guard) check(to netip.AddrPort) error {", "func (g *Guard) check(to netip.AddrPort) error {\n\tif true {\n\t\treturn nil\n\t}", "Private"},
	"keys of other requests": {"app/request/once.go", "before[0].Sum != row.Sum", "false", "Repeated"},
	"answers before commits": {"app/flow/webhook.go", "e.begin(r, func() error { return r.flush(nil) })", "e.begin(r, nil)", "KillsLoseNothing"},
	"no sync before answers": {"store/store.go", `{"synchronous", "2"}`, `{"synchronous", "1"}`, "PowerLoss"},
	"steps run again":        {"app/flow/recover.go", "journal: journal, saved: len(journal)", "journal: nil, saved: 0", "KillsLoseNothing|GoesOnAfterKill"},
	"errors like any other":  {"store/errors.go", "func isUnknownOutcome(err error) bool {", "func isUnknownOutcome(err error) bool {\n\tif true {\n\t\treturn false\n\t}", "DiskErrors"},
	"older takers write":     {"app/flow/journal.go", `{Column: "n", Value: row.N}, {Column: "epoch", Value: row.Epoch}`, `{Column: "n", Value: row.N}`, "./app/flow OlderTaker|Interrupted"},
	"no mark before effects": {"app/flow/run.go", "upTo = seq + 1", "upTo = seq", "./app/flow Interrupted"},
	"deliveries twice":       {"app/flow/webhook.go", `dedupe = h.WorkflowID + " " + dedupe`, `dedupe = ""`, "./app/flow Deliveries"},
	"no lineage":             {"app/flow/walk.go", "items = placed(items, f.unit.Name, names[i])", "items = items[:]", "./app/flow Lineage"},
	"only some taken up":     {"app/flow/recover.go", "after = rows[len(rows)-1].N", "break", "./app/flow TakesUpAll"},
	"cross-site writes":      {"app/edge/person.go", "if err := CheckSameOrigin(r); err != nil {", "if err := error(nil); err != nil {", "HostileRequests"},
	"no escaping":            {"ui/html.go", `entity = "&lt;"`, `entity = "<"`, "FitToBeSeen"},
	"rows of other parents":  {"app/resource/child.go", "if b.spec.Parent.Of(b.value(row)).String() != b.parent {", "if row == nil {", "Timeline"},
	"everybody operates":     {"app/resource/policy.go", "return s.system || s.Operator", "return true", "DropdownValues"},
	"remembered for ever":    {"app/remember/remember.go", "m.marks[i].Add(1)", "m.marks[i].Add(0)", "DropdownValues"},
	"no content check":       {"app/resource/fill.go", "wrong = append(wrong, unknown...)", "_ = unknown", "DropdownValues|Template"},
	"any nonce":              {"app/identity/provider/openid.go", `case nonce == "" || token.Nonce != nonce:`, "case false:", "ForgedTokens|BoundToItsAnswer"},
	"any party":              {"app/identity/provider/openid.go", `case token.Party != "" && token.Party != o.settings.ClientID, token.Party == "" && len(token.Audience) > 1:`, "case false:", "ForgedTokens"},
	"any browser":            {"app/identity/social.go", "subtle.ConstantTimeCompare([]byte(j.Browser), []byte(hashToken(browser))) != 1", "subtle.ConstantTimeCompare(nil, []byte(browser)) == 2", "InItsOwnBrowser"},
	"Microsoft vouches":      {"app/identity/provider/microsoft.go", "Email: t.Email, Name: t.Name", "Email: t.Email, Verified: bool(t.Verified), Name: t.Name", "VouchesFor"},
	"anybody confirms":       {"app/identity/social_link.go", `case waits.UserID != "" && waits.UserID != p.User.ID:`, "case false:", "BeforeItsOwnerConfirms"},
	"the last way goes":      {"app/identity/connected.go", "ways.Count() == 0", "ways.Count() < 0", "LastWay"},
	"no factor asked":        {"app/identity/social_arrive.go", "if err := a.askFactor(system, user, device); err != nil {", "if err := error(nil); err != nil {", "NoSecondFactor"},
	"codes used twice":       {"app/identity/phone_code.go", "found[0].UsedAt != 0 || ", "", "APhoneIs"},
	"codes without bounds":   {"app/identity/phone_code.go", "if count >= bound.most {", "if false {", "APhoneIs|TextMessages"},
	"streams outlive":        {"app/api/stream.go", "p, err := edge.Recognize(a.accounts, r)\n\t\tif err != nil || p.Tenant", "err := error(nil)\n\t\tif err != nil || p.Tenant", "AnOperatorSuspends"},
	"anybody acts on":        {"app/flow/actor.go", "!member.MayOn(kind.Spec(), \"execute\"", "!true && !member.MayOn(kind.Spec(), \"execute\"", "AnExecutionStops"},
	"no operator left":       {"app/identity/operator_user.go", "if err == nil && operators < 2 {", "if operators < 0 {", "AnOperatorIsLeft"},
	"policy without proof":   {"app/identity/tenant.go", "c.Before != nil && c.Before.SecondFactor != t.SecondFactor", "false", "AsksForASecondFactor"},
	"workspaces for all":     {"store/expand.go", `if scope.visible != "" && table.has("workspace_id") {`, `if false && table.has("workspace_id") {`, "HiddenWorkspace"},
	"grants are everywhere":  {"app/resource/policy.go", "if s.MayOn(b.spec, verb, id, workspace) {", "if s.May(b.spec, verb) {", "AGrantGives|TheExplanation"},
	"grants for ever":        {"app/rights/rights.go", "return g.Until.IsZero() || now.Before(g.Until)", "return true", "AGrantGives"},
	"roles above one's own":  {"app/access/role.go", "if lacks, ok := c.Includes(set); !ok {", "if lacks, ok := c.Includes(set); false && !ok {", "ARoleOfOnesOwn"},
	"grants above one's own": {"app/access/grant.go", "if !s.MayOn(kind.Spec(), verb, g.ResourceID, workspace) {", "if false && !s.MayOn(kind.Spec(), verb, g.ResourceID, workspace) {", "AGrantGives"},
	"rights for ever":        {"app/access/access.go", `var decisive = []string{"role", "team", "team_member", "workspace", "grant"}`, "var decisive = []string{}", "ARoleOfOnesOwn|APrivateWorkspace"},
	"memory of requests":     {"app/edge/edge.go", "Immutable:             true,", "Immutable:             false,", "./app/edge HandlerKeeps"},
	"invitations of others":  {"app/identity/invitation_accept.go", "if user.Email != i.Email {", "if false {", "ForOneAddress"},
	"invitations twice":      {"app/identity/invitation_accept.go", "AND i.state = 'open' AND i.expires_at", "AND i.state <> '' AND i.expires_at", "ForOneAddress|TwentyAccepts"},
	"inviting above oneself": {"app/identity/invite.go", "if lacks != \"\" {", "if false {", "NobodyInvites"},
	"inviters who are gone":  {"app/identity/invitation_accept.go", "if !by.Holds(mayInvite) {", "if false {", "LinksEnd"},
	"claims are proofs":      {"app/identity/join_domain.go", "d.state = 'verified' AND NOT EXISTS", "d.state <> '' AND NOT EXISTS", "PeopleJoin"},
	"removed and back again": {"app/identity/join_domain.go", "{membership+trash}", "{membership}", "PeopleJoin"},
	"any domain":             {"app/identity/domain_verify.go", "proved := slices.Contains(found, domain.Challenge)", "proved := true || slices.Contains(found, domain.Challenge)", "ADomainIsProved"},
	"sessions at any host":   {"app/identity/host.go", "at.ID != \"\" && at.ID != tenant {\n\t\terr = errSignIn()", "at.ID != \"\" && at.ID != tenant {\n\t\terr = nil", "AHostBelongs"},
	"no owner left":          {"app/identity/membership.go", "if owners == 0 {", "if owners < 0 {", "NeverWithoutAnOwner|NobodyGives"},
	"deleted without a name": {"app/identity/erase.go", "if strings.TrimSpace(typed) != t.Name {", "if false && strings.TrimSpace(typed) != t.Name {", "GoneForGood"},
	"suspended and inside":   {"app/identity/barred.go", "case r.SuspendedAt != 0:", "case false:", "SuspendsAnOrganization"},
	"archives change":        {"app/rights/rights.go", "slices.Contains(r.Archived, workspace)", "false && workspace == \"\"", "ArchivedWorkspace"},
	"features for all":       {"app/feature/feature.go", "if err == nil && !offer.Enabled {", "if false {", "HoldsFeaturesBack"},
	"no rate limit":          {"app/api/rate.go", "if left.allowed {", "if true {", "Slowed"},
}

// besides are what else a mutant changes in its file, where one safety stands behind another.
var besides = map[string]struct{ from, to string }{
	"memory of requests": {"r.Header.Add(string(name), string(value))", "_ = value\n\t\tr.Header.Add(string(name), c.Get(string(name)))"},
}

// TestEveryMutantFitsTheSource keeps the list in step with the code that it changes.
func TestEveryMutantFitsTheSource(t *testing.T) {
	t.Parallel()
	for name, m := range mutants {
		text, err := os.ReadFile(filepath.Join(instance.Root, m.file))
		if err != nil {
			t.Fatal(err)
		}
		for _, from := range []string{m.from, besides[name].from} {
			if count := strings.Count(string(text), from); from != "" && count != 1 {
				t.Errorf("%s: %s holds %q %d times", name, m.file, from, count)
			}
		}
	}
}

// TestMutantsAreCaught takes one safety away at a time and wants the suite to go red: a test that can't fail holds nothing.
// It builds and tests Zygo once for each, so it runs only where TEST_MUTANTS is set (make mutants).
func TestMutantsAreCaught(t *testing.T) {
	if os.Getenv("TEST_MUTANTS") == "" {
		t.Skip("runs by make mutants")
	}
	for name, m := range mutants {
		t.Run(name, func(t *testing.T) {
			tree := filepath.Join(t.TempDir(), "zygo")
			if out, err := exec.Command("git", "clone", "-q", instance.Root, tree).CombinedOutput(); err != nil {
				t.Fatalf("%v %s", err, out)
			}
			for _, modules := range []string{"app/acceptance/testdata/openid/node_modules", "app/acceptance/testdata/twilio/node_modules"} {
				if from, err := filepath.Abs(filepath.Join(instance.Root, modules)); err != nil || os.Symlink(from, filepath.Join(tree, modules)) != nil {
					t.Fatalf("the tests of %s lack what they drive", tree)
				}
			}
			file := filepath.Join(tree, m.file)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			mutated := strings.Replace(string(text), m.from, m.to, 1)
			if also, ok := besides[name]; ok {
				mutated = strings.Replace(mutated, also.from, also.to, 1)
			}
			if err := os.WriteFile(file, []byte(mutated), 0o600); err != nil {
				t.Fatal(err)
			}
			vet := exec.Command("go", "build", "./...")
			vet.Dir = tree
			if out, err := vet.CombinedOutput(); err != nil {
				t.Fatalf("the mutant does not build: %s", out)
			}
			where, tests, found := strings.Cut(m.tests, " ") // most tests are here
			if !found {
				where, tests = "./app/acceptance", m.tests
			}
			suite := exec.Command("go", "test", "-timeout", "3m", where, "-run", tests) // a test that hangs has noticed, too
			suite.Dir = tree
			if out, err := suite.CombinedOutput(); err == nil {
				t.Errorf("the suite stays green:\n%s", out)
			}
		})
	}
}

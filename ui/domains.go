package ui

import (
	"net/http"

	"zygo/app/certificate"
	"zygo/app/edge"
	"zygo/app/identity"
)

const domainsPath = "/domains"

// domain is the page of a domain, with the record that proves it.
func (s *Site) domain(v *visit) (*edge.Response, error) {
	kind := s.kind(identity.Domains.Name)
	page, record, err := v.named(kind)
	if err != nil {
		return nil, err
	}
	domain := record.(*identity.Domain)
	expected := Section{Title: "Expected in the DNS", Facts: []Fact{{"Type", Mono("TXT")}, {"Name", Identifier(domain.ChallengeName())}, {"Value", Identifier(domain.Challenge)}}}
	found := Section{Title: "Found there", Text: string(domain.Found)}
	if domain.Found == "" {
		found.Empty = "No record yet. Changes in the DNS can take an hour to be seen everywhere."
	}
	if domain.CheckedAt == 0 {
		found.Empty = "Nobody looked yet. Zygo looks by itself within the hour, and then once a day."
	}
	page.Main = []Section{expected, found}
	page.Side[0].Facts = factsBut(page.Side[0].Facts, "Expected record")
	page.Notice = domainNotice(domain)
	if s.certificates != nil && domain.State == identity.DomainVerified {
		page.Main = append(page.Main, certificateSection(s.certificates.State(domain.Name)))
	}
	if v.person.May(kind.Spec(), "verify") {
		page.Primary = &Action{Label: "Look it up now", Icon: "refresh-cw", Post: domainsPath + "/" + domain.ID + "/verify"}
	}
	_, page.Actions = v.actions(kind, record, true)
	return v.show(http.StatusOK, page)
}

// domainNotice says what to do next.
func domainNotice(d *identity.Domain) *Strip {
	switch {
	case d.State == identity.DomainVerified && d.MissedAt != 0:
		return &Strip{Tone: Warn, Text: "The record is missing. After three days the domain is no longer verified.", Remedy: "Set it again at your DNS provider."}
	case d.State == identity.DomainVerified:
		return &Strip{Tone: Good, Text: "The domain is yours: who opens it signs in to your organization.", Remedy: "Let its DNS lead to this instance, and keep the record; Zygo looks once a week."}
	case d.State == identity.DomainFailed:
		return &Strip{Tone: Bad, Text: "The record was not found.", Remedy: "Compare what is expected and what was found."}
	}
	return &Strip{Tone: Info, Text: "Set this record at your DNS provider, then look it up here.", Remedy: "It proves that the domain is yours."}
}

// certificateSection says what certificate a domain has.
func certificateSection(state certificate.State) Section {
	section := Section{Title: "Certificate"}
	if !state.Until.IsZero() {
		section.Facts = append(section.Facts, Fact{"Valid until", Time(state.Until)})
	}
	switch {
	case state.Problem.Said != "":
		section.Facts = append(section.Facts, Fact{"Failed", Time(state.Problem.At)}, Fact{"Answer", Text(state.Problem.Said)}, Fact{"What to do", Text(state.Problem.Remedy)})
	case state.Running:
		section.Empty = "Zygo is getting it now. Load the page again in a few seconds."
	case state.Until.IsZero():
		section.Empty = "None yet. Zygo gets one when somebody opens the domain, or when you look it up here."
	}
	return section
}

// factsBut leaves one out that stands elsewhere on the page.
func factsBut(facts []Fact, label string) []Fact {
	var others []Fact
	for _, fact := range facts {
		if fact.Label != label {
			others = append(others, fact)
		}
	}
	return others
}

// verifyDomain shows the page again with what was found, or why nobody was asked.
func (s *Site) verifyDomain(v *visit) (*edge.Response, error) {
	if _, err := s.accounts.Verify(v.person.Session, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect(domainsPath + "/" + v.Param("id")), nil
}

// elsewhere gives the sign-in at the host of an organization its text, keeps providers off it, which know the instance's own
// host, and leads there for them and for passkeys of that host.
func (s *Site) elsewhere(r *edge.Request, page *AlonePage) {
	at, err := s.accounts.TenantAt(r.Context, r.Host)
	if err != nil || at.ID == "" {
		return
	}
	page.Text = string(at.SignInText)
	if page.Passkey == nil && len(page.Others) == 0 {
		return
	}
	page.Others = nil
	page.Foot = append(page.Foot, Link{"Other ways to sign in", s.url + "/login"})
}

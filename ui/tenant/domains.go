package tenant

import (
	"net/http"

	"zygo/app/certificate"
	"zygo/app/edge"
	"zygo/app/identity/tenants"
	"zygo/ui/kinds"
	"zygo/ui/markup"
	"zygo/ui/web"
)

const domainsPath = "/domains"

// domain is the page of a domain, with the record that proves it.
func domain(v *web.Visit) (*edge.Response, error) {
	kind := v.Site.Kind(tenants.Domains.Name)
	page, record, err := kinds.Named(v, kind)
	if err != nil {
		return nil, err
	}
	domain := record.(*tenants.Domain)
	expected := markup.Section{
		Title: "Expected in the DNS",
		Facts: []markup.Fact{
			{Label: "Type", Value: markup.Mono("TXT")},
			{Label: "Name", Value: markup.Identifier(domain.ChallengeName())},
			{Label: "Value", Value: markup.Identifier(domain.Challenge)},
		},
	}
	found := markup.Section{Title: "Found there", Text: string(domain.Found)}
	if domain.Found == "" {
		found.Empty = "No record yet. Changes in the DNS can take an hour to be seen everywhere."
	}
	if domain.CheckedAt == 0 {
		found.Empty = "Nobody looked yet. Zygo looks by itself within the hour, and then once a day."
	}
	page.Main = []markup.Section{expected, found}
	page.Side[0].Facts = factsBut(page.Side[0].Facts, "Expected record")
	page.Notice = domainNotice(domain)
	if v.Site.Certificates != nil && domain.State == tenants.DomainVerified {
		page.Main = append(page.Main, certificateSection(v.Site.Certificates.State(domain.Name)))
	}
	if v.Person.May(kind.Spec(), "verify") {
		page.Primary = &markup.Action{Label: "Look it up now", Icon: "refresh-cw", Post: domainsPath + "/" + domain.ID + "/verify"}
	}
	_, page.Actions = kinds.Actions(v, kind, record, true)
	return v.Show(http.StatusOK, page)
}

// domainNotice says what to do next.
func domainNotice(d *tenants.Domain) *markup.Strip {
	switch {
	case d.State == tenants.DomainVerified && d.MissedAt != 0:
		return &markup.Strip{
			Tone:   markup.Warn,
			Text:   "The record is missing. After three days the domain is no longer verified.",
			Remedy: "Set it again at your DNS provider.",
		}
	case d.State == tenants.DomainVerified:
		return &markup.Strip{
			Tone:   markup.Good,
			Text:   "The domain is yours: who opens it signs in to your organization.",
			Remedy: "Let its DNS lead to this instance, and keep the record; Zygo looks once a week.",
		}
	case d.State == tenants.DomainFailed:
		return &markup.Strip{Tone: markup.Bad, Text: "The record was not found.", Remedy: "Compare what is expected and what was found."}
	}
	return &markup.Strip{
		Tone:   markup.Info,
		Text:   "Set this record at your DNS provider, then look it up here.",
		Remedy: "It proves that the domain is yours.",
	}
}

// certificateSection says what certificate a domain has.
func certificateSection(state certificate.State) markup.Section {
	section := markup.Section{Title: "Certificate"}
	if !state.Until.IsZero() {
		section.Facts = append(section.Facts, markup.Fact{Label: "Valid until", Value: markup.Time(state.Until)})
	}
	switch {
	case state.Problem.Said != "":
		section.Facts = append(section.Facts, markup.Fact{
			Label: "Failed",
			Value: markup.Time(state.Problem.At),
		}, markup.Fact{
			Label: "Answer",
			Value: markup.Text(state.Problem.Said),
		}, markup.Fact{Label: "What to do", Value: markup.Text(state.Problem.Remedy)})
	case state.Running:
		section.Empty = "Zygo is getting it now. Load the page again in a few seconds."
	case state.Until.IsZero():
		section.Empty = "None yet. Zygo gets one when somebody opens the domain, or when you look it up here."
	}
	return section
}

// factsBut leaves one out that stands elsewhere on the page.
func factsBut(facts []markup.Fact, label string) []markup.Fact {
	var others []markup.Fact
	for _, fact := range facts {
		if fact.Label != label {
			others = append(others, fact)
		}
	}
	return others
}

// verifyDomain shows the page again with what was found, or why nobody was asked.
func verifyDomain(v *web.Visit) (*edge.Response, error) {
	if _, err := v.Site.Identity.Tenants.Verify(v.Person.Session, v.Param("id")); err != nil {
		return nil, err
	}
	return edge.Redirect(domainsPath + "/" + v.Param("id")), nil
}

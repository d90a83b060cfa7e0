package tenants

import (
	"regexp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/fold"
	"zygo/app/identity/tokens"
	"zygo/app/resource"
)

// A slug is an address that others use: of webhooks, and of hosts below the instance's. One that an organization gave up leads
// to it for another year and is nobody else's until then, so that what is still sent there reaches no stranger.

// formerSlug is the slug of an organization that has another one by now, or of one that was deleted and is empty here.
type formerSlug struct {
	N            int64
	Slug         string
	Organization string
	Until        field.Time
}

var formerSlugs = formerSlugTable()

func formerSlugTable() *resource.Table {
	t := resource.NewTable[formerSlug]("former_slug")
	t.Visible = resource.Nothing
	t.Unique = [][]string{{"slug"}}
	t.Indexes = []resource.Index{{Columns: []string{"organization"}}}
	return t
}

const (
	// slugRests is how long a slug that was given up leads on.
	slugRests = 365 * 24 * field.Duration(60*60)
	// mostFormerSlugs keeps an organization from taking the names of others away.
	mostFormerSlugs = 5
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// reservedSlugs are names of hosts and paths that people take for the instance's own.
var reservedSlugs = strings.Fields(`abuse account accounts admin administrator api app assets auth autoconfig autodiscover billing blog cdn
	console contact dashboard dev dns docs download downloads email example files ftp health help hooks host hostmaster imap info internal
	invitations legal localhost login logout mail mx ns ns1 ns2 oauth operator pay pop postmaster private public register reset root saml
	scim security settings setup sftp shop signin signup smtp ssh ssl sso staging static status support system test tls verify vpn webhook
	webhooks webmail webmaster wpad www zygo`)

// mayBeSlug refuses what is no slug, and one that is the instance's own: names of its hosts, and what reads like an id.
func mayBeSlug(slug string) error {
	_, noID := uuid.Parse(slug)
	switch {
	case !slugForm.MatchString(slug):
		return fault.InvalidField("slug", "must be lower-case letters and digits, with single hyphens between words")
	case slices.Contains(reservedSlugs, slug) || noID == nil:
		return fault.InvalidField("slug", "is kept for the instance itself; choose another one")
	}
	return nil
}

// takeSlug lets an organization have a slug, and keeps the one before it.
func takeSlug(s *resource.Session, tenant, before, slug string) error {
	if err := mayBeSlug(slug); err != nil || before == slug {
		return err
	}
	owners, err := resource.Select[string](s, "SELECT organization FROM {former_slug} WHERE slug = ? AND until > ?", slug, s.Now)
	if err != nil {
		return err
	}
	if len(owners) > 0 && owners[0] != tenant {
		return fault.InvalidField("slug", "is taken")
	}
	if _, err := s.Erase(formerSlugs, resource.Pair{Column: "slug", Value: slug}); err != nil || before == "" {
		return err
	}
	kept, err := resource.SelectOne[int](s, "SELECT count(*) FROM {former_slug} WHERE organization = ? AND until > ?", tenant, s.Now)
	if err != nil {
		return err
	}
	if kept >= mostFormerSlugs {
		return fault.InvalidField("slug",
			"was changed %d times within a year; each of those leads here, so go back to one of them or wait", mostFormerSlugs)
	}
	return restSlug(s, tenant, before)
}

// restSlug keeps a slug that is given up from everybody else for a while.
func restSlug(s *resource.Session, tenant, slug string) error {
	return s.Insert(formerSlugs, &formerSlug{Slug: slug, Organization: tenant, Until: s.Now.Add(slugRests.Go())})
}

// RestSlugs keeps those of an organization that ends. They lead nowhere, and nothing names it.
func RestSlugs(s *resource.Session, tenant, slug string) error {
	if err := restSlug(s, tenant, slug); err != nil {
		return err
	}
	_, err := s.Change(formerSlugs, []resource.Pair{{Column: "organization", Value: ""}},
		[]resource.Pair{{Column: "organization", Value: tenant}})
	return err
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// writtenOut are the small letters that have no accent to lose, as their languages write them in ASCII.
var writtenOut = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "å", "aa", "ł", "l", "đ",
	"d", "ð", "d", "þ", "th", "ħ", "h", "ı", "i", "’", "", "'", "")

// SlugOf makes a slug from a name: "Acme & Söhne" is acme-soehne. Scripts that are not written in Latin letters are left out.
func SlugOf(name string) string {
	name = writtenOut.Replace(strings.ToLower(field.Plain(name)))
	slug := strings.Trim(notSlug.ReplaceAllString(fold.Text(name), "-"), "-")
	slug = strings.Trim(slug[:min(len(slug), 50)], "-")
	if len(slug) < 2 || mayBeSlug(slug) != nil {
		return "organization-" + tokens.Hash(tokens.New())[:8]
	}
	return slug
}

// FreeSlug is the slug of a name, with letters behind it where another organization has it or had it: that it is taken says
// nothing to a stranger.
func FreeSlug(s *resource.Session, name string) (string, error) {
	slug := SlugOf(name)
	taken, err := resource.SelectOne[bool](s, `SELECT EXISTS (SELECT 1 FROM {tenant} WHERE slug = ?)
		OR EXISTS (SELECT 1 FROM {former_slug} WHERE slug = ? AND until > ?)`, slug, slug, s.Now)
	if err != nil || !taken {
		return slug, err
	}
	return strings.Trim(slug[:min(len(slug), 40)], "-") + "-" + tokens.Hash(tokens.New())[:8], nil
}

// Package tenants is the organizations: their row and branding, their slugs and domains, and which of them a host belongs to.
// Start with tenant.go, then host.go.
package tenants

import (
	"context"
	"net/http"
	"sync"

	"zygo/app/identity/throttle"
	"zygo/app/operation"
	"zygo/app/outbox"
	"zygo/app/resource"
)

// Tables are those without surfaces.
var Tables = []*resource.Table{skippedSteps, formerSlugs}

// Operations are the first steps of an organization.
var Operations = []operation.Operation{
	operation.Operate(http.MethodGet, "onboarding", "tenant:read", "The first steps of the organization, and which are done or skipped",
		listSteps),
	operation.Operate(http.MethodPost, "onboarding/{step}/skip", "tenant:update",
		"Skip a first step; it is kept for all who see to the organization", skipStep),
	operation.Operate(http.MethodPost, "onboarding/resume", "tenant:update", "Take up the first steps that were skipped", resumeSteps),
}

// Options are what organizations need of the instance.
type Options struct {
	// URL is the instance's address, without a slash at the end. Links in mails carry it, it issues the access tokens, and passkeys
	// belong to its host, except those of the domains of organizations.
	URL string
	// LookupTXT asks the DNS for the text records of a name.
	LookupTXT func(ctx context.Context, name string) ([]string, error)
	// Proved is called with each domain whose record was found; nil for nobody.
	Proved func(host string)
	// Mails slows down those who make Zygo send mails, or look something up elsewhere.
	Mails *throttle.Throttle
}

// Service finds organizations by their hosts, proves their domains, and sends the mails that look like theirs.
type Service struct {
	kernel   *resource.Kernel
	outbox   *outbox.Outbox
	settings Options
	// drawing is held while a picture is made smaller.
	drawing sync.Mutex
}

// New serves the organizations of an instance, whose mails go through the outbox.
func New(kernel *resource.Kernel, mails *outbox.Outbox, settings Options) *Service {
	return &Service{kernel: kernel, outbox: mails, settings: settings}
}

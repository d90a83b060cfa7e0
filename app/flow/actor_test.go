package flow

import (
	"testing"

	"zygo/app/identity/tenants"
	"zygo/app/resource"
)

func TestHostsOfTheOrganization(t *testing.T) {
	t.Parallel()
	p := newPlant(t)
	system := p.clock.Within(t.Context(), resource.Actor{Kind: "system"}, p.s.Tenant())
	for name, state := range map[string]tenants.DomainState{"example.com": tenants.DomainVerified, "pending.test": tenants.DomainPending} {
		if _, err := tenants.Domains.Create(system, func(d *tenants.Domain) error {
			d.Name, d.State = name, state
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	r := &run{engine: p.Engine, row: Execution{TenantID: p.s.Tenant()}}
	for host, want := range map[string]bool{"example.com": true, "DB.example.com.": true, "badexample.com": false, "pending.test": false,
		"": false, "com": false} {
		if owns, err := r.owns(host); err != nil || owns != want {
			t.Errorf("%q: %t, %v", host, owns, err)
		}
	}
}

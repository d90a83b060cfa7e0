package ui

import (
	"slices"
	"strings"

	"zygo/app/edge"
	"zygo/ui/access"
	"zygo/ui/account"
	"zygo/ui/console"
	"zygo/ui/flow"
	"zygo/ui/home"
	"zygo/ui/kinds"
	"zygo/ui/ops"
	"zygo/ui/signin"
	"zygo/ui/tenant"
)

// Routes are all page routes: those with pages of their own, then those that every kind has. An earlier one replaces a
// later one with the same address.
func (s *Site) Routes() []edge.Route {
	site := s.Site
	routes := slices.Concat(site.Routes(), signin.Routes(site), account.Routes(site), tenant.Routes(site), access.Routes(site),
		home.Routes(site), flow.Routes(site), ops.Routes(site), console.Routes(site), s.guide.Routes(site), kinds.ViewRoutes(site))
	seen := map[string]bool{}
	for _, r := range routes {
		seen[r.Method+" "+r.Path] = true
	}
	for _, kind := range s.Kernel.Kinds() {
		for _, r := range kinds.Routes(site, kind) {
			if !seen[r.Method+" "+r.Path] {
				routes = append(routes, r)
			}
		}
	}
	// The first route that fits answers, so names come before parameters, as their letters come before a brace.
	slices.SortStableFunc(routes, func(a, b edge.Route) int { return strings.Compare(a.Path, b.Path) })
	return routes
}

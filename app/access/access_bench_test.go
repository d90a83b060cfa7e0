package access_test

import (
	"fmt"
	"testing"

	"zygo/app/access"
	"zygo/app/field"
	"zygo/app/identity"
	"zygo/app/ops"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

// BenchmarkDecision decides for a member of an organization with 50 roles and 500 grants, each role standing on the one before
// it: with what is remembered, and after a change that makes it read all again.
func BenchmarkDecision(b *testing.B) {
	kernel := kerneltest.New(b, identity.Module, access.Module, platform.Module, ops.Module)
	tenant, user := resource.NewID(), resource.NewID()
	system := kernel.System().In(tenant)
	asset, last := "", "viewer"
	err := system.Write(func(s *resource.Session) error {
		if err := s.Found(tenant); err != nil {
			return err
		}
		for n := range 50 {
			role, err := access.Roles.Create(s, func(r *access.Role) error {
				r.Name, r.Includes, r.Added = fmt.Sprint("Role ", n), field.Ref(last), field.Tags{"secret:create"}
				return nil
			})
			if err != nil {
				return err
			}
			last = role.ID
		}
		for n := range 500 {
			made, err := ops.Assets.Create(s, func(a *ops.Asset) error {
				a.Name = fmt.Sprint("Asset ", n)
				return nil
			})
			if err != nil {
				return err
			}
			asset = made.ID
			if _, err := access.Grants.Create(s, func(g *access.Grant) error {
				g.Permission, g.Role, g.ResourceID, g.Reason = "asset:update", field.Ref(last), made.ID, "A benchmark"
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	kind, _ := kernel.Kind("asset")
	decide := func(b *testing.B) {
		held, err := system.RightsOf(user, last)
		if err != nil {
			b.Fatal(err)
		}
		if !kernel.Member(b.Context(), resource.Actor{Kind: "user", ID: user}, tenant, held, resource.Origin{}).MayOn(kind.Spec(),
			resource.Update, asset, "") {
			b.Fatal("the grant gives nothing")
		}
	}
	b.Run("remembered", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			decide(b)
		}
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			user = resource.NewID() // nothing is remembered of somebody who never came
			decide(b)
		}
	})
}

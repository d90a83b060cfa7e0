package identity_test

import (
	"testing"
	"time"

	"zygo/app/access"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/identity/people"
	"zygo/app/outbox"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

// months is a set-up instance whose sessions outlive the test.
func months(t *testing.T) (*identity.Accounts, *people.Person, *kerneltest.Kernel) {
	t.Helper()
	kernel := kerneltest.New(t, outbox.Module, identity.Module, access.Module, platform.Module)
	accounts := identity.NewAccounts(kernel.Kernel, outbox.New(kernel.Kernel, nil, nil), identity.Settings{Idle: 365 * 24 * time.Hour,
		Absolute: 365 * 24 * time.Hour, URL: "https://zygo.example.com"})
	first := identity.First{Name: "Ada", Email: "ada@example.com", Password: "correct horse battery staple", Organization: "Acme"}
	if err := accounts.SetUpByOperator(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	_, person, err := accounts.SignIn(t.Context(), first.Email, first.Password, identity.Device{}, resource.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	return accounts, person, kernel
}

func TestSigningKeysRotateAndOldOnesVerifyUntilTheirTokensEnd(t *testing.T) {
	t.Parallel()
	accounts, person, kernel := months(t)
	recognize := func(tokens identity.Tokens) error {
		_, err := accounts.RecognizeBearer(t.Context(), tokens.AccessToken, resource.Origin{})
		return err
	}
	keys := func() []identity.PublicKey {
		t.Helper()
		if err := accounts.RotateSigningKeys(t.Context()); err != nil {
			t.Fatal(err)
		}
		published, err := accounts.PublicKeys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return published
	}
	first := keys()
	kernel.Advance(30*24*time.Hour - time.Minute)
	before, err := accounts.Issue(person)
	if err != nil || len(keys()) != 1 {
		t.Fatalf("there are %d keys: %v", len(keys()), err)
	}
	kernel.Advance(time.Minute)
	second := keys()
	if len(second) != 2 || second[0].ID == first[0].ID || second[1].ID != first[0].ID {
		t.Fatalf("after 30 days the keys are %v", second)
	}
	after, err := accounts.Issue(person)
	if err != nil {
		t.Fatal(err)
	}
	if recognize(before) != nil || recognize(after) != nil {
		t.Error("a rotation refuses tokens that have not ended")
	}
	kernel.Advance(14*time.Minute + 30*time.Second)
	if !fault.Is(recognize(before), fault.Unauthenticated) || recognize(after) != nil {
		t.Error("an access token does not end after 15 minutes")
	}
	kernel.Advance(time.Hour)
	if left := keys(); len(left) != 1 || left[0].ID != second[0].ID {
		t.Errorf("the old key is still there: %v", left)
	}
}

func BenchmarkRecognizeBearer(b *testing.B) {
	kernel := kerneltest.New(b, identity.Module, access.Module, platform.Module)
	accounts := identity.NewAccounts(kernel.Kernel, outbox.New(kernel.Kernel, nil, nil), identity.Settings{Idle: time.Hour,
		Absolute: time.Hour, URL: "https://zygo.example.com"})
	first := identity.First{Name: "Ada", Email: "ada@example.com", Password: "correct horse battery staple", Organization: "Acme"}
	if err := accounts.SetUpByOperator(b.Context(), first); err != nil {
		b.Fatal(err)
	}
	cookie, person, err := accounts.SignIn(b.Context(), first.Email, first.Password, identity.Device{}, resource.Origin{})
	if err != nil {
		b.Fatal(err)
	}
	tokens, err := accounts.Issue(person)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("cookie", func(b *testing.B) {
		for b.Loop() {
			if _, err := accounts.Recognize(b.Context(), cookie, resource.Origin{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("token", func(b *testing.B) {
		for b.Loop() {
			if _, err := accounts.RecognizeBearer(b.Context(), tokens.AccessToken, resource.Origin{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

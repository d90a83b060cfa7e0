package sessions

import (
	"testing"
	"time"

	"zygo/app/fault"
	"zygo/app/resource"
)

func TestSigningKeysRotateAndOldOnesVerifyUntilTheirTokensEnd(t *testing.T) {
	t.Parallel()
	r := newRememberingFor(t, 365*24*time.Hour)
	service, person, kernel := r.sessions, r.person, r.kernel
	recognize := func(tokens Tokens) error {
		_, err := service.RecognizeBearer(t.Context(), tokens.AccessToken, resource.Origin{})
		return err
	}
	keys := func() []PublicKey {
		t.Helper()
		if err := service.RotateSigningKeys(t.Context()); err != nil {
			t.Fatal(err)
		}
		published, err := service.PublicKeys(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return published
	}
	first := keys()
	kernel.Advance(30*24*time.Hour - time.Minute)
	before, err := service.Issue(person)
	if err != nil || len(keys()) != 1 {
		t.Fatalf("there are %d keys: %v", len(keys()), err)
	}
	kernel.Advance(time.Minute)
	second := keys()
	if len(second) != 2 || second[0].ID == first[0].ID || second[1].ID != first[0].ID {
		t.Fatalf("after 30 days the keys are %v", second)
	}
	after, err := service.Issue(person)
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
	r := newRememberingFor(b, time.Hour)
	b.Run("cookie", func(b *testing.B) {
		for b.Loop() {
			if _, err := r.sessions.Recognize(b.Context(), r.cookie, resource.Origin{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("token", func(b *testing.B) {
		for b.Loop() {
			if _, err := r.sessions.RecognizeBearer(b.Context(), r.bearer, resource.Origin{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestARefreshTokenIsForgottenWithItsSession(t *testing.T) {
	t.Parallel()
	r := newRemembering(t)
	r.write(func(s *resource.Session) error {
		if err := s.Insert(refreshTokens, &refreshToken{Hash: "orphan", SessionID: "gone"}); err != nil {
			return err
		}
		return Forget(s, 10)
	})
	left, err := resource.Select[string](r.kernel.System(), "SELECT session_id FROM {refresh_token}")
	if err != nil || len(left) != 1 || left[0] != r.person.SessionID {
		t.Errorf("what is left is of %v: %v", left, err)
	}
}

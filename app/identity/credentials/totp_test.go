package credentials_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"zygo/app/access"
	"zygo/app/fault"
	"zygo/app/identity"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/identity/signin"
	"zygo/app/outbox"
	"zygo/app/platform"
	"zygo/app/resource"
	"zygo/app/resource/kerneltest"
)

// months is a set-up instance whose sessions outlive the test.
func months(t *testing.T) (*identity.Services, *people.Person, *kerneltest.Kernel) {
	t.Helper()
	kernel := kerneltest.New(t, outbox.Module, identity.Module, access.Module, platform.Module)
	services := identity.New(kernel.Kernel, outbox.New(kernel.Kernel, nil, nil), identity.Settings{Idle: 365 * 24 * time.Hour,
		Absolute: 365 * 24 * time.Hour, URL: "https://zygo.example.com"})
	first := signin.First{Name: "Ada", Email: "ada@example.com", Password: "correct horse battery staple", Organization: "Acme"}
	if err := services.SignIn.SetUpByOperator(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	_, person, err := services.SignIn.ByPassword(t.Context(), first.Email, first.Password, signin.Device{}, resource.Origin{})
	if err != nil {
		t.Fatal(err)
	}
	return services, person, kernel
}

// answered signs in with the password and answers for the second factor with the code; nil is a session.
func answered(t *testing.T, services *identity.Services, code string) error {
	t.Helper()
	_, _, err := services.SignIn.ByPassword(t.Context(), "ada@example.com", "correct horse battery staple", signin.Device{}, resource.Origin{})
	asks, ok := fault.As(err)
	if !ok || asks.Code != fault.MFARequired {
		t.Fatalf("the sign-in asks for no second factor: %v", err)
	}
	_, _, err = services.SignIn.AnswerChallenge(t.Context(), asks.Details.(signin.Challenge).Challenge, code, resource.Origin{})
	return err
}

// codeAt is what an authenticator app shows at a time.
func codeAt(t *testing.T, setup *credentials.TOTPSetup, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(setup.Secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// withApp is an instance whose owner has an authenticator app, set up with the code of half a minute ago.
func withApp(t *testing.T) (*identity.Services, *credentials.TOTPSetup, *kerneltest.Kernel) {
	t.Helper()
	services, person, kernel := months(t)
	setup, err := services.Credentials.SetUpTOTP(person)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := services.Credentials.VerifyTOTP(person, codeAt(t, setup, kernel.Time().Add(-30*time.Second))); err != nil {
		t.Fatal(err)
	}
	return services, setup, kernel
}

func TestAClockThatWasAheadRefusesNoRightCode(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{90 * time.Second, time.Hour, 400 * 24 * time.Hour, -time.Hour} {
		services, setup, kernel := withApp(t)
		right := kernel.Time()
		kernel.SetTime(right.Add(ahead))
		wrong := codeAt(t, setup, kernel.Time())
		if err := answered(t, services, wrong); err != nil {
			t.Fatalf("%s ahead: the code of that time: %v", ahead, err)
		}
		kernel.SetTime(right)
		now := codeAt(t, setup, right)
		if err := answered(t, services, now); err != nil {
			t.Errorf("after a clock that was %s ahead, the right code: %v", ahead, err)
		}
		if err := answered(t, services, now); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("after a clock that was %s ahead, the same code again: %v", ahead, err)
		}
		kernel.SetTime(right.Add(ahead))
		if err := answered(t, services, wrong); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s ahead, the code that was used before: %v", ahead, err)
		}
	}
}

func TestEachCodeOfTheWindowWorksOnce(t *testing.T) {
	t.Parallel()
	services, setup, kernel := withApp(t)
	// The newest code does not use up those before it, and each is refused the second time, also at the edge of the window.
	for _, late := range []time.Duration{30 * time.Second, 0} {
		code := codeAt(t, setup, kernel.Time().Add(late))
		if err := answered(t, services, code); err != nil {
			t.Errorf("the code of %s from now: %v", late, err)
		}
		if err := answered(t, services, code); err == nil {
			t.Errorf("the code of %s from now works twice", late)
		}
	}
	if err := answered(t, services, codeAt(t, setup, kernel.Time().Add(-30*time.Second))); err == nil {
		t.Error("the code of the set-up works again")
	}
	// A code that was forgotten for those after it is long over.
	first := codeAt(t, setup, kernel.Time())
	for range 30 {
		kernel.Advance(time.Minute)
		if err := answered(t, services, codeAt(t, setup, kernel.Time())); err != nil {
			t.Fatal(err)
		}
	}
	if err := answered(t, services, first); err == nil {
		t.Error("a code of half an hour ago works")
	}
}

func TestCodesWorkAsPeopleTypeThemInEachPlace(t *testing.T) {
	t.Parallel()
	services, person, kernel := months(t)
	setup, err := services.Credentials.SetUpTOTP(person)
	if err != nil {
		t.Fatal(err)
	}
	apart := func(between, code string) string { return code[:3] + between + code[3:] + " \r\n" }
	enrolled, err := services.Credentials.VerifyTOTP(person, apart(" ", codeAt(t, setup, kernel.Time())))
	if err != nil {
		t.Fatalf("at the set-up: %v", err)
	}
	for _, between := range []string{" ", "\u00a0", "\u202f", "\u2009", "\u3000", "–", "\u2011", "\u2212"} {
		kernel.Advance(time.Minute)
		if err := answered(t, services, apart(between, codeAt(t, setup, kernel.Time()))); err != nil {
			t.Errorf("at the sign-in with %+q in the middle: %v", between, err)
		}
		kernel.Advance(time.Minute)
		if _, err := services.Credentials.Prove(person, "", apart(between, codeAt(t, setup, kernel.Time()))); err != nil {
			t.Errorf("at another proof with %+q in the middle: %v", between, err)
		}
	}
	for n, between := range []string{" ", "", "–", "\u00a0", "\u2009", "ー"} {
		if err := answered(t, services, strings.ToUpper(strings.ReplaceAll(enrolled.BackupCodes[n], "-", between))); err != nil {
			t.Errorf("a backup code with %+q between its groups: %v", between, err)
		}
	}
	for _, wrong := range []string{"", " ", "–", apart(" ", codeAt(t, setup, kernel.Time().Add(-time.Hour))), enrolled.BackupCodes[0],
		enrolled.BackupCodes[9][1:]} {
		kernel.Advance(10 * time.Minute)
		if err := answered(t, services, wrong); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("the wrong code %q: %v", wrong, err)
		}
	}
	kernel.Advance(time.Minute)
	if err := services.Credentials.DisableTOTP(person, "correct horse battery staple",
		apart("\u202f", codeAt(t, setup, kernel.Time()))); err != nil {
		t.Errorf("as the app is turned off: %v", err)
	}
}

func TestAClockThatWasAheadHoldsNoMailBack(t *testing.T) {
	t.Parallel()
	services, _, kernel := months(t)
	right := kernel.Time()
	mails := func() int {
		t.Helper()
		count, err := resource.SelectOne[int](kernel.System(), "SELECT count(*) FROM {message}")
		if err != nil {
			t.Fatal(err)
		}
		return count
	}
	forgot := func(from string) {
		t.Helper()
		if err := services.SignIn.ForgotPassword(t.Context(), "ada@example.com", resource.Origin{Address: from}); err != nil {
			t.Fatal(err)
		}
	}
	kernel.Advance(30 * 24 * time.Hour)
	for range 5 {
		forgot("192.0.2.1")
	}
	kernel.SetTime(right)
	before := mails()
	forgot("192.0.2.2")
	if mails() != before+1 {
		t.Error("no mail with a link is sent")
	}
}

func TestTheAppNamesTheOrganization(t *testing.T) {
	t.Parallel()
	for organization, want := range map[string]string{"Acme": "Acme", "Müller & Söhne: Test?": "Müller & Söhne Test?",
		"": "zygo.example.com"} {
		services, person, _ := months(t)
		person.Tenant.Name, person.User.Email = organization, "ada@xn--mnchen-3ya.example"
		setup, err := services.Credentials.SetUpTOTP(person)
		if err != nil {
			t.Fatal(err)
		}
		uri, err := url.Parse(setup.URI)
		if err != nil || uri.Path != "/"+want+":ada@münchen.example" || uri.Query().Get("issuer") != want ||
			strings.Contains(uri.RawQuery, "+") {
			t.Errorf("%q leads to %s: %v", organization, setup.URI, err)
		}
	}
}

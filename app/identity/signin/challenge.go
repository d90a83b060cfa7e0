package signin

import (
	"context"

	"zygo/app/fault"
	"zygo/app/identity/credentials"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// signInChallenge is the purpose of a sign-in that waits for its second factor.
const signInChallenge = "sign_in"

// Challenge is the detail of the fault MFARequired: what a sign-in waits for.
type Challenge struct {
	Challenge string   `json:"challenge"`
	Methods   []string `json:"methods"`
	ExpiresIn int      `json:"expires_in"`
}

// askFactor ends a sign-in that needs a second factor with a challenge; only its answer opens a session.
func (a *Service) askFactor(system *resource.Session, user people.User, device string) error {
	factors, err := a.credentials.FactorsOf(system, user.ID)
	if err != nil || !factors.Any() {
		return err
	}
	if known, err := credentials.IsRemembered(system, user.ID, device); err != nil || known {
		return err
	}
	methods := []string{} // JSON has a list here, and never null
	if factors.TOTP {
		methods = append(methods, "totp")
	}
	if factors.PasskeyHere {
		methods = append(methods, "passkey")
	}
	if factors.SMS {
		methods = append(methods, "sms")
	}
	if factors.BackupCodes > 0 {
		methods = append(methods, "backup_code")
	}
	token, err := credentials.Ask(system, credentials.Question{UserID: user.ID, Purpose: signInChallenge})
	if err != nil {
		return err
	}
	asking := "Answer the challenge with your second factor."
	if len(methods) == 0 {
		asking = "Your second factor is a passkey of another address. Sign in at " + a.credentials.AddressOf(factors.Passkeys[0]) + "."
	}
	return fault.New(fault.MFARequired, "%s", asking).With(Challenge{token, methods, int(credentials.QuestionLife.Seconds())})
}

// Methods tells by what a challenge can be answered.
func (a *Service) Methods(ctx context.Context, token string, origin resource.Origin) (*credentials.Factors, error) {
	system := a.tenants.Anonymous(ctx, origin)
	c, err := credentials.Asked(system, token, signInChallenge)
	if err != nil {
		return nil, err
	}
	return a.credentials.FactorsOf(system, c.UserID)
}

// AnswerChallenge finishes a sign-in with the code of an app, one by text message, or a backup code.
func (a *Service) AnswerChallenge(ctx context.Context, token, code string, origin resource.Origin) (string, *people.Person, error) {
	system := a.tenants.Anonymous(ctx, origin)
	c, err := credentials.Asked(system, token, signInChallenge)
	if err != nil {
		return "", nil, err
	}
	right, err := a.credentials.CheckCode(system, c.UserID, code, c.Close)
	if err == nil && !right {
		err = fault.New(fault.Unauthenticated, "The code is wrong, or it was used before. Wait for the next one.")
	}
	if err != nil {
		return "", nil, err
	}
	return a.openFor(system, c.UserID, origin)
}

// TextChallenge sends a code to the phone of the user whose sign-in waits for a second factor.
func (a *Service) TextChallenge(ctx context.Context, token string, origin resource.Origin) (*credentials.CodeSent, error) {
	system := a.tenants.Anonymous(ctx, origin)
	c, err := credentials.Asked(system, token, signInChallenge)
	if err != nil {
		return nil, err
	}
	return a.credentials.TextFactor(system, c.UserID)
}

package signin

import (
	"strings"

	"zygo/app/fault"
)

// Problem is the detail of what went wrong on the way to a provider and back. The browser carries the word to the page that
// says it, so that the address holds nothing else.
type Problem struct {
	Reason string `json:"reason"`
}

// The reasons for which nobody was signed in or linked.
const (
	problemDenied      = "denied"
	problemEnded       = "ended"
	problemRefused     = "refused"
	problemUnreachable = "unreachable"
	problemClosed      = "closed"
	problemTaken       = "taken"
	problemPresent     = "present"
	problemSecond      = "second"
	problemAnother     = "another"
	problemForeign     = "foreign"
	problemUninvited   = "uninvited"
	problemDomain      = "domain"
	problemNew         = "new"
	problemFailed      = "failed"
)

// problems are the sentences; in braces stand the name of the provider and the domains that may sign up.
var problems = map[string]struct {
	code fault.Code
	text string
}{
	problemDenied: {fault.Forbidden, "{provider} was not allowed to say who you are, so nothing was done."},
	problemEnded:  {fault.Unauthenticated, "This took too long, was used before, or began in another browser. Begin again."},
	problemRefused: {fault.Forbidden,
		"What {provider} answered was not accepted, so nothing was done. Begin again; if it stays like this, tell your administrator."},
	problemUnreachable: {fault.Unavailable, "{provider} does not answer now. Try again in a while, or sign in another way."},
	problemClosed:      {fault.Forbidden, "This account is closed. Ask an administrator of your organization."},
	problemTaken:       {fault.Conflict, "This account at {provider} is linked to another account here. Unlink it there first."},
	problemPresent:     {fault.Conflict, "This account at {provider} is linked to yours already."},
	problemSecond:      {fault.Conflict, "Another account at {provider} is linked to yours. Unlink that one first."},
	problemAnother:     {fault.Forbidden, "This is not the account at {provider} that is linked to yours."},
	problemForeign: {fault.Forbidden,
		"This link was begun for another account than yours. Sign in with that one, or begin again in your connected accounts."},
	problemUninvited: {fault.Forbidden,
		"Nobody here has this account at {provider}. People join this instance by invitation: ask an administrator of your organization. If you have an account, sign in as you always do and link {provider} in your account."},
	problemDomain: {fault.Forbidden,
		"Nobody here has this account at {provider}, and only addresses at {domains} may sign up. Ask an administrator of your organization for an invitation."},
	problemNew:    {fault.Conflict, "This instance is not set up yet."},
	problemFailed: {fault.Internal, "Something went wrong on our side. Begin again; if it stays like this, tell your administrator."},
}

// SocialProblem is what a reason means, about a provider. A word that is no reason is problemFailed.
func (a *Service) SocialProblem(reason, name string) *fault.Error {
	known, ok := problems[reason]
	if !ok {
		reason, known = problemFailed, problems[problemFailed]
	}
	label := "The provider"
	if one, ok := a.credentials.Provider(name); ok {
		label = one.Label
	}
	text := strings.NewReplacer("{provider}", label, "{domains}", strings.Join(a.settings.Domains, " or ")).Replace(known.text)
	return fault.New(known.code, "%s", text).With(Problem{reason})
}

// ReasonOf is the word for an error of the way to a provider and back.
func ReasonOf(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return problemFailed
	}
	if detail, is := f.Details.(Problem); is {
		return detail.Reason
	}
	if f.Code == fault.Unauthenticated || f.Code == fault.MFARequired {
		return problemEnded
	}
	return problemFailed
}

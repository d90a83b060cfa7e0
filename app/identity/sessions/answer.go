package sessions

import (
	"zygo/app/identity/people"
	"zygo/app/operation"
)

// Entered is the answer to somebody who signed in: a browser has its session in a cookie, any other client has tokens.
type Entered struct {
	User *people.Me `json:"user,omitempty"`
	*Tokens
	BackupCodes []string `json:"backup_codes,omitempty" z:"help=They come with the first factor, and are shown once."`
}

// Welcome answers a new session, whose token goes into the cookie of a browser and nowhere else.
func (a *Service) Welcome(c *operation.Call, token string, p *people.Person, err error) (*Entered, error) {
	if err != nil {
		return nil, err
	}
	me := p.Me()
	out := &Entered{User: &me}
	if !c.Browser {
		tokens, err := a.Issue(p)
		out.Tokens = &tokens
		return out, err
	}
	c.SetCookie(Cookie(token))
	c.SetCookie(KnownCookie(a.KnowBrowser(p)))
	return out, nil
}

package provider

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"golang.org/x/oauth2"

	"zygo/app/outgoing"
)

// GitHub speaks OAuth 2.0 alone: who somebody is comes from its API, by the token that the code is exchanged for.
type GitHub struct {
	client *http.Client
	config oauth2.Config
	api    string
}

// GitHubAddresses are where GitHub, or a GitHub Enterprise, is found.
type GitHubAddresses struct{ Authorize, Token, API string }

// NewGitHub makes sign-in with GitHub.
func NewGitHub(guard *outgoing.Guard, at GitHubAddresses, clientID, secret string) Named {
	return Named{"github", "GitHub",
		&GitHub{
			client: client(guard),
			api:    at.API,
			config: oauth2.Config{ClientID: clientID, ClientSecret: secret, Scopes: []string{"user:email"},
				Endpoint: oauth2.Endpoint{AuthURL: at.Authorize, TokenURL: at.Token, AuthStyle: oauth2.AuthStyleInParams}},
		}}
}

// Ask gives the address at which the person agrees.
func (g *GitHub) Ask(_ context.Context, q Question) (string, error) {
	config := g.config
	config.RedirectURL = q.Redirect
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(q.Verifier)}
	if q.Again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "select_account"))
	}
	return config.AuthCodeURL(q.State, options...), nil
}

// Claim asks who the code belongs to. The number is the person: names can be given up and taken by others.
func (g *GitHub) Claim(ctx context.Context, q Question, a Answer) (Claim, error) {
	config := g.config
	config.RedirectURL = q.Redirect
	token, err := exchange(ctx, g.client, config, q, a)
	if err != nil {
		return Claim{}, err
	}
	var user struct {
		ID    int64  `json:"id"`
		Login string `json:"login"`
		Name  string `json:"name"`
	}
	if err := g.get(ctx, token, "/user", &user); err != nil {
		return Claim{}, err
	}
	if user.ID <= 0 {
		return Claim{}, refused(errors.New("GitHub names nobody"))
	}
	claim := Claim{Provider: "github", Subject: strconv.FormatInt(user.ID, 10), Name: user.Name}
	if claim.Name == "" {
		claim.Name = user.Login
	}
	// The address on the profile is what somebody wrote there; only this list says what was verified.
	var emails []struct {
		Email    string `json:"email"`
		Primary  bool   `json:"primary"`
		Verified bool   `json:"verified"`
	}
	if err := g.get(ctx, token, "/user/emails", &emails); err != nil {
		return Claim{}, err
	}
	for _, one := range emails {
		if one.Primary {
			claim.Email, claim.Verified = one.Email, one.Verified
		}
	}
	return claim, nil
}

func (g *GitHub) get(ctx context.Context, token *oauth2.Token, path string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, g.api+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token.AccessToken)
	request.Header.Set("X-GitHub-Api-Version", "2022-11-28")
	body, err := read(g.client, request)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return refused(err)
	}
	return nil
}

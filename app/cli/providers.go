package cli

import (
	"zygo/app/config"
	"zygo/app/identity/provider"
	"zygo/app/outgoing"
)

// providers are those by which people sign in that the operator set up, in the order of the pages.
func providers(settings config.OAuth, guard *outgoing.Guard) ([]provider.Named, error) {
	var all []provider.Named
	if google := settings.Google; google.ClientID != "" {
		all = append(all, provider.NewGoogle(guard, string(google.Issuer), google.ClientID, google.ClientSecret.Reveal()))
	}
	if microsoft := settings.Microsoft; microsoft.ClientID != "" {
		all = append(all, provider.NewMicrosoft(guard, string(microsoft.Issuer), microsoft.ClientID, microsoft.ClientSecret.Reveal()))
	}
	if apple := settings.Apple; apple.ServicesID != "" {
		key, err := apple.Key()
		if err != nil {
			return nil, err
		}
		all = append(all, provider.NewApple(guard, string(apple.Issuer), provider.AppleClient{
			ServicesID: apple.ServicesID,
			TeamID:     apple.TeamID,
			KeyID:      apple.KeyID,
			Key:        key,
		}))
	}
	if github := settings.GitHub; github.ClientID != "" {
		at := provider.GitHubAddresses{Authorize: string(github.AuthorizeURL), Token: string(github.TokenURL), API: string(github.APIURL)}
		all = append(all, provider.NewGitHub(guard, at, github.ClientID, github.ClientSecret.Reveal()))
	}
	return all, nil
}

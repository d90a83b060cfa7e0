package signin

import (
	"net/http"
	"net/url"

	"zygo/app/edge"
	"zygo/app/field"
	"zygo/app/identity/signin"
	"zygo/ui/markup"
	"zygo/ui/web"
)

// offersSignUp tells whether a link to the sign-up helps some strangers.
func offersSignUp(s *web.Site, r *edge.Request) bool {
	offered, err := s.Identity.SignIn.OffersSignUp(r.Context)
	return offered && err == nil
}

func signUpPage(s *web.Site, r *edge.Request, in signin.Joining) markup.StandalonePage {
	page := markup.StandalonePage{
		Title:  "Make an account",
		Look:   web.Look(r),
		Action: "/signup",
		Submit: "Make the account",
		Wide:   true,
		Foot:   web.BackToSignIn,
		Fields: []markup.FieldView{
			{
				Kind:         markup.FieldText,
				Name:         "name",
				Label:        "Your name",
				Value:        in.Name,
				Required:     true,
				Autocomplete: "name",
				MaxLength:    100,
			},
			web.EmailField(in.Email), web.NewPassword("Password"),
		},
	}
	page.Fields = append(page.Fields, organizationField(s, in.Organization)...)
	if !s.Identity.SignIn.MaySignUp() {
		page.Lead = "People join by invitation, or with an address at a domain of their organization."
	}
	return page
}

func signUpForm(s *web.Site, r *edge.Request) (*edge.Response, error) {
	if !offersSignUp(s, r) {
		return s.Show(r, http.StatusOK, markup.StandalonePage{Title: "Make an account", Look: web.Look(r), Foot: web.BackToSignIn,
			Lead: "People join this instance by invitation. Ask an administrator of your organization."})
	}
	page := signUpPage(s, r, signin.Joining{})
	page.Others = s.ProviderButtons("Sign up with ", signin.SocialSignIn, "", vouching(s))
	return s.Show(r, http.StatusOK, page)
}

func signUp(s *web.Site, r *edge.Request, form url.Values) (*edge.Response, error) {
	in := signin.Joining{
		Name:         form.Get("name"),
		Email:        form.Get("email"),
		Password:     field.Password(form.Get("password")),
		Organization: form.Get("organization"),
	}
	if err := s.Identity.SignIn.SignUp(r.Context, in, r.Origin()); err != nil {
		page := signUpPage(s, r, in)
		page.Others = s.ProviderButtons("Sign up with ", signin.SocialSignIn, "", vouching(s))
		return s.Refuse(r, page, err)
	}
	return s.Show(r, http.StatusOK, s.MailedPage(verifyPage(r, in.Email)))
}

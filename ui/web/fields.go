package web

import (
	"zygo/app/field"
	"zygo/ui/markup"
)

// ShortestPassword is where the meter begins; identity has the last word.
const ShortestPassword = 10

// CodeField asks for a code of a second factor.
func CodeField(name, label string) markup.FieldView {
	return markup.FieldView{Kind: markup.FieldText, Name: name, Label: label, Required: true, Autocomplete: "one-time-code", MaxLength: 40}
}

// NewPassword asks for a password that is to be set.
func NewPassword(label string) markup.FieldView {
	return markup.FieldView{
		Kind:         markup.FieldPassword,
		Name:         "password",
		Label:        label,
		Required:     true,
		Autocomplete: "new-password",
		MinLength:    ShortestPassword,
		Help:         "At least 10 characters; a few unrelated words are easiest. Pasting works.",
	}
}

// EmailField asks for the address that an account signs in with.
func EmailField(value string) markup.FieldView {
	return markup.FieldView{
		Kind:         markup.FieldEmail,
		Name:         "email",
		Label:        "E-mail",
		Value:        value,
		Required:     true,
		Autocomplete: "username",
		MaxLength:    254,
	}
}

// AccountField says whose password is set, so that a password manager saves it for the right account.
func AccountField(email field.Email) markup.FieldView {
	return markup.FieldView{
		Kind:         markup.FieldEmail,
		Name:         "username",
		Label:        "E-mail",
		Value:        email.String(),
		ReadOnly:     true,
		Autocomplete: "username",
	}
}

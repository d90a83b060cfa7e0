package ui

import (
	"io"
	"mime/multipart"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/app/identity"
)

func avatarPath(p *identity.Person) string { return "/api/v1/users/" + p.User.ID + "/avatar" }

// profileSent reads the form of the profile, whose picture is no upload that a row could take.
func (s *Site) profileSent() edge.Handler {
	return s.open(func(s *Site, r *edge.Request) (*edge.Response, error) {
		v, err := s.visit(r)
		if err != nil {
			return nil, err
		}
		if !v.IsForm() {
			if err := v.readForm(); err != nil {
				return nil, err
			}
			return s.changeProfile(v, nil)
		}
		pictured, err := v.readProfile()
		if err == nil {
			err = edge.CheckForm(v.person, v.form)
		}
		if err != nil {
			return nil, err
		}
		return s.changeProfile(v, pictured)
	})
}

// readProfile reads the fields and sets the picture; pictured is what is wrong with that. The session's token comes first.
func (v *visit) readProfile() (pictured, err error) {
	v.form = url.Values{}
	left := int64(longestFormFields)
	err = v.EachPart(func(part *multipart.Part) error {
		if part.FileName() != "" {
			if err := edge.CheckForm(v.person, v.form); err != nil {
				return err
			}
			pictured = named(v.site.accounts.SetAvatar(v.person, part), "file", "avatar")
			v.form.Del("avatar.remove") // another picture takes its place
			return nil
		}
		text, err := io.ReadAll(io.LimitReader(part, left+1))
		if left -= int64(len(text)); err == nil && left < 0 {
			err = fault.New(fault.TooLarge, "The form is over the limit of %d bytes.", longestFormFields)
		}
		if part.FormName() != "avatar" {
			v.form.Add(part.FormName(), string(text))
		}
		return err
	})
	return pictured, err
}

// named makes an error about a field of the API one about the field of a form.
func named(err error, from, to string) error {
	if message, ok := fieldErrors(err)[from]; ok {
		return fault.InvalidField(to, "%s", message)
	}
	return err
}

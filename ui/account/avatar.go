package account

import (
	"io"
	"mime/multipart"
	"net/url"

	"zygo/app/edge"
	"zygo/app/fault"
	"zygo/ui/web"
)

// profileSent reads the form of the profile, whose picture is no upload that a row could take.
func profileSent(s *web.Site) edge.Handler {
	return s.Handle(func(s *web.Site, r *edge.Request) (*edge.Response, error) {
		v, err := s.Visit(r)
		if err != nil {
			return nil, err
		}
		if !v.IsForm() {
			if err := v.ReadForm(); err != nil {
				return nil, err
			}
			return changeProfile(v, nil)
		}
		pictured, err := readProfile(v)
		if err == nil {
			err = edge.CheckForm(v.Person, v.Form)
		}
		if err != nil {
			return nil, err
		}
		return changeProfile(v, pictured)
	})
}

// readProfile reads the fields and sets the picture; pictured is what is wrong with that. The session's token comes first.
func readProfile(v *web.Visit) (pictured, err error) {
	v.Form = url.Values{}
	left := int64(web.LongestFormFields)
	err = v.EachPart(func(part *multipart.Part) error {
		if part.FileName() != "" {
			if err := edge.CheckForm(v.Person, v.Form); err != nil {
				return err
			}
			pictured = named(v.Site.Identity.Accounts.SetAvatar(v.Person, part), "file", "avatar")
			v.Form.Del("avatar.remove") // another picture takes its place
			return nil
		}
		text, err := io.ReadAll(io.LimitReader(part, left+1))
		if left -= int64(len(text)); err == nil && left < 0 {
			err = fault.New(fault.TooLarge, "The form is over the limit of %d bytes.", web.LongestFormFields)
		}
		if part.FormName() != "avatar" {
			v.Form.Add(part.FormName(), string(text))
		}
		return err
	})
	return pictured, err
}

// named makes an error about a field of the API one about the field of a form.
func named(err error, from, to string) error {
	if message, ok := web.FieldErrors(err)[from]; ok {
		return fault.InvalidField(to, "%s", message)
	}
	return err
}

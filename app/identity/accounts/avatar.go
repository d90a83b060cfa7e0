package accounts

import (
	"io"

	"zygo/app/fault"
	"zygo/app/field"
	"zygo/app/identity/people"
	"zygo/app/resource"
)

// avatar is the picture of a user, made anew from what they sent.
type avatar struct {
	UserID    string
	Content   []byte
	ChangedAt field.Time
}

var avatars = avatarTable()

func avatarTable() *resource.Table {
	t := resource.NewTable[avatar]("avatar")
	t.Subject = "user_id"
	t.Visible = resource.Nothing
	t.Key = []string{"user_id"}
	return t
}

const (
	avatarSide    = 256
	largestAvatar = 5 << 20
)

// SetAvatar makes a picture the person's.
func (a *Service) SetAvatar(p *people.Person, picture io.Reader) error {
	content, err := io.ReadAll(io.LimitReader(picture, largestAvatar+1))
	if err != nil {
		return err
	}
	if len(content) > largestAvatar {
		return fault.New(fault.TooLarge, "A picture of a person may have %d MiB.", largestAvatar>>20)
	}
	if content, err = a.tenants.Draw(func() ([]byte, error) { return field.Thumbnail(content, avatarSide) }); err != nil {
		return err
	}
	err = p.Personal().Write(func(s *resource.Session) error {
		if err := s.Put(avatars, &avatar{p.User.ID, content, s.Now}); err != nil {
			return err
		}
		return s.Record("user", "avatar_changed", p.User.ID, resource.Success)
	})
	p.HasAvatar = p.HasAvatar || err == nil
	return err
}

// RemoveAvatar takes the person's picture away.
func (a *Service) RemoveAvatar(p *people.Person) error {
	p.HasAvatar = false
	return p.Personal().Write(func(s *resource.Session) error {
		if _, err := s.Erase(avatars, resource.Pair{Column: "user_id", Value: p.User.ID}); err != nil {
			return err
		}
		return s.Record("user", "avatar_removed", p.User.ID, resource.Success)
	})
}

// Avatar is the picture of a user whom the person sees, as JPEG.
func (a *Service) Avatar(p *people.Person, user string) ([]byte, error) {
	if user != p.User.ID {
		if _, err := people.Users.Get(p.Session, user); err != nil {
			return nil, err
		}
	}
	found, err := resource.Select[avatar](p.Personal(), "SELECT * FROM {avatar} WHERE user_id = ?", user)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "This person has no picture.")
	}
	if err != nil {
		return nil, err
	}
	return found[0].Content, nil
}

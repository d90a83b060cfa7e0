package platform

import "zygo/app/resource"

// PersonalViews reads the views that a user keeps, in whatever organization, for their export. It takes a system session.
func PersonalViews(s *resource.Session, user string) (any, error) {
	views, err := resource.Select[View](s, "SELECT * FROM {view} WHERE owner_id = ? ORDER BY n", user)
	if err != nil {
		return nil, err
	}
	shown := make([]viewOutput, len(views))
	for i := range views {
		shown[i] = views[i].shown(false)
	}
	return shown, nil
}

// EraseViews removes the views and the looks of lists of a user who leaves. It runs inside the write of a system session.
func EraseViews(s *resource.Session, user string) error {
	if _, err := s.Erase(views, resource.Pair{Column: "owner_id", Value: user}); err != nil {
		return err
	}
	_, err := s.Erase(listPreferences, resource.Pair{Column: "user_id", Value: user})
	return err
}

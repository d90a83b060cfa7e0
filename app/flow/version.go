package flow

import (
	"zygo/app/field"
	"zygo/app/resource"
)

type versionView struct {
	Version     int        `json:"version"`
	CreatedAt   field.Time `json:"created_at"`
	Author      string     `json:"author"`
	Settings    field.JSON `json:"settings,omitempty"`
	Nodes       field.JSON `json:"nodes,omitempty"`
	Connections field.JSON `json:"connections,omitempty"`
}

func listVersions(s *resource.Session, in *byID) ([]versionView, error) {
	if _, err := Workflows.Get(s, in.ID); err != nil {
		return nil, err
	}
	found, err := resource.Select[Version](s,
		"SELECT number, created_at, author_name FROM {workflow_version} WHERE workflow_id = ? AND number > 0 ORDER BY number DESC LIMIT 100", in.ID)
	views := []versionView{}
	for _, v := range found {
		views = append(views, versionView{Version: v.Number, CreatedAt: v.CreatedAt, Author: v.AuthorName})
	}
	return views, err
}

type versionInput struct {
	ID      string
	Version int
}

func getVersion(s *resource.Session, in *versionInput) (versionView, error) {
	if _, err := Workflows.Get(s, in.ID); err != nil {
		return versionView{}, err
	}
	v, err := readVersion(s, in.ID, in.Version)
	return versionView{v.Number, v.CreatedAt, v.AuthorName, v.Settings, v.Nodes, v.Connections}, err
}

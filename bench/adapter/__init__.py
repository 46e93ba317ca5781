"""The question adapter: fitted on questions that people wrote over passages of talk."""

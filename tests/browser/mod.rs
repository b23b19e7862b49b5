//! The pages as people see and use them, in the browser that most people have, against the program as
//! people run it.

mod httpd;
mod in_chromium;

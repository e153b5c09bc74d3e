### Partner organisations. Machine draft, for people to revise and approve.

partner-subject = Nezvemashoko ekubata sangano renyu atinochengeta
partner-reached = Vanhu vakapinda vakakwanisa kuverenga nekukopa mashoko ekubata akabudiswa nesangano renyu: zita, kero, nhamba yefoni ne-email.
partner-warn = Ndapota yambirai vanhu vamunobatsira kuti mashoko enhema nezita redu anogona kuuya.

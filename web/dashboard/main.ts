// The development server serves this folder only, so that the page begins here.

import "../src/dash/main";

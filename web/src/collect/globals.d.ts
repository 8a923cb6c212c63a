/** Version of the app, from package.json and the day it was built. */
declare const __APP_VERSION__: string;

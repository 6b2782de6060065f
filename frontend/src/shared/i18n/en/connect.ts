/** What connecting an account asks for, by network; the adapters name these keys. */
export default {
  mastodon: {
    server: 'Server',
    token: 'Access token',
    accept_filtered: 'Switch off the filters that would keep mentions from us',
    filters_private:
      'The server sets private messages from strangers aside, so they do not reach us. Switch this filter off in the account’s notification settings there.',
    filters_others:
      'The server sets some mentions aside, so they do not reach us. Switch the filters off in the account’s notification settings there.',
    drops: 'The server throws some mentions away. Change the account’s notification settings there.',
    missing_scopes: 'The access given is narrower than we need. Connect the account again.',
  },
  feeds: {
    server: 'Address of the feed, or of a page that has one',
    words: 'Only what holds one of these words (separated by commas; empty: everything)',
    own: 'Name under which you write there yourselves',
    damaged: 'The feed is broken in places. What can be read of it is read.',
  },
  wordpress: {
    server: 'Address of the site',
    user: 'User name there (empty: allow us on the site’s own page)',
    token: 'Application password',
    no_moderation:
      'This account may not moderate comments: those that wait for approval reach us only once they are approved.',
  },
  x: {
    client_id: 'Client ID of the brand’s own developer app',
    client_secret: 'Client secret of the app',
    query: 'Search for posts that name the brand without its handle (each post found costs money)',
    bearer: 'Bearer token of the app, for the live line',
    consumer_secret: 'Consumer secret of the app, for the webhook',
    exempt: 'The app has an Enterprise plan and may answer anybody',
    token: 'Access token, instead of the sign-in in the browser (lasts two hours)',
    server: 'Address of the API, if it is not X’s own',
    missing_scopes:
      'The access given is narrower than we need. Connect the account again and allow everything.',
    ends_soon:
      'This sign-in cannot be renewed: it ends within two hours. Connect through the browser to keep it.',
  },
  bluesky: {
    identifier: 'Handle',
    password: 'App password (made in the settings there; let it access your direct messages)',
    server: 'Server, when it is not bsky.social',
    directory: 'Directory of accounts, only for networks of your own',
    stream: 'Jetstream, to hear at once (carries every post of the network: several GB a day)',
    handle_unproved:
      'The handle and the account do not name each other, so the account goes by its permanent name. Check the handle in the settings there.',
    no_messages:
      'This app password cannot read direct messages. Make one that may, and connect the account again.',
    messages_narrow:
      'Only people whom the account follows can write to it in private. Allow messages from everyone in the settings there.',
  },
} as const

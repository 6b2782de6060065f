/** The menu behind my own face: availability, appearance, language, keys, sign out. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Coffee, Forward, Keyboard, LogOut, Moon, Sparkles, Sun, SunMoon } from 'lucide-react'
import { useMe, useSetMe } from '@/domain/session'
import { answer, api } from '@/shared/api/client'
import { useExplain } from '@/shared/api/explain'
import { useLanguage, useWords } from '@/shared/i18n/words'
import { useSetting } from '@/shared/lib/setting'
import { Avatar } from '@/shared/ui/avatar'
import { MenuButton, type MenuSection } from '@/shared/ui/menu'
import { toast } from '@/shared/ui/toast'

const AVAILABILITIES = ['available', 'away', 'handover'] as const

export function MeMenu({ onHelp }: { onHelp: () => void }) {
  const t = useWords('shell')
  const me = useMe()
  const setMe = useSetMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const explain = useExplain()
  const [theme, setTheme] = useSetting('theme', ['auto', 'light', 'dark'])
  const [language, setLanguage] = useLanguage()

  const change = useMutation({
    mutationFn: (body: { availability?: (typeof AVAILABILITIES)[number]; locale?: string }) =>
      answer(api.PATCH('/api/v1/me', { body })),
    onMutate: body => {
      const before = me
      if (body.availability) setMe({ ...me, availability: body.availability })
      return before
    },
    onSuccess: setMe,
    onError: (error, _body, before) => {
      if (before) setMe(before)
      toast(explain(error), { kind: 'late' })
    },
  })
  const signOut = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/session')),
    onSuccess: async () => {
      await navigate({ to: '/sign-in' })
      client.clear()
    },
    onError: error => toast(explain(error), { kind: 'late' }),
  })

  const availabilitySigns = { available: <Sparkles />, away: <Coffee />, handover: <Forward /> }
  const availabilityHints = {
    available: t('availableHint'),
    away: t('awayHint'),
    handover: t('handoverHint'),
  }
  const sections: MenuSection[] = [
    {
      title: `${t('availability')} · ${me.name}`,
      entries: AVAILABILITIES.map(one => ({
        id: `availability ${one}`,
        label: t(one),
        hint: availabilityHints[one],
        icon: availabilitySigns[one],
        chosen: me.availability === one,
      })),
    },
    {
      title: t('theme'),
      entries: [
        { id: 'theme auto', label: t('themeAuto'), icon: <SunMoon />, chosen: theme === 'auto' },
        { id: 'theme light', label: t('themeLight'), icon: <Sun />, chosen: theme === 'light' },
        { id: 'theme dark', label: t('themeDark'), icon: <Moon />, chosen: theme === 'dark' },
      ],
    },
    {
      title: t('language'),
      entries: [
        { id: 'language en', label: 'English', chosen: language === 'en' },
        { id: 'language fr', label: 'Français', chosen: language === 'fr' },
      ],
    },
    {
      entries: [
        { id: 'help', label: t('help'), icon: <Keyboard />, combo: '?' },
        { id: 'sign out', label: t('signOut'), icon: <LogOut /> },
      ],
    },
  ]
  const choose = (id: string) => {
    const [kind, value] = id.split(' ')
    const availability = AVAILABILITIES.find(one => one === value)
    if (kind === 'availability' && availability) change.mutate({ availability })
    else if (kind === 'theme' && (value === 'auto' || value === 'light' || value === 'dark')) setTheme(value)
    else if (kind === 'language' && (value === 'en' || value === 'fr')) {
      setLanguage(value)
      change.mutate({ locale: value })
    } else if (id === 'help') onHelp()
    else if (id === 'sign out') signOut.mutate()
  }
  return (
    <MenuButton
      label={t('me', { name: me.name })}
      sections={sections}
      onChoose={choose}
      button={{
        kind: 'quiet',
        className: 'rail-me',
        'aria-label': t('me', { name: me.name }),
        'data-tip': t('me', { name: me.name }),
        'data-tip-side': 'right',
        icon: <Avatar name={me.name} size={32} />,
      }}
    />
  )
}

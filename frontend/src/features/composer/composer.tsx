/** The text, the account it goes out from, Send: framed by the brand one speaks as. */
import { useQuery } from '@tanstack/react-query'
import { EyeOff, Globe, ImagePlus, Lock, StickyNote } from 'lucide-react'
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useWhyNot } from '@/domain/answer-words'
import { Branded } from '@/domain/brand-name'
import { useAccount, useNetwork } from '@/domain/desk'
import { useNetworkLabel } from '@/domain/network-words'
import { useMe } from '@/domain/session'
import { replyOptionsQuery } from '@/domain/ticket-queries'
import type { TicketCard, Visibility } from '@/shared/api/views'
import { useWords } from '@/shared/i18n/words'
import { classes } from '@/shared/lib/classes'
import { useDeeds } from '@/shared/lib/deeds'
import { KEYS } from '@/shared/lib/key-map'
import { spell, useKeys } from '@/shared/lib/keys'
import { useBeingHere, useLineState } from '@/shared/live/use-live'
import { Avatar } from '@/shared/ui/avatar'
import { IconButton } from '@/shared/ui/button'
import { Select } from '@/shared/ui/field'
import { Tabs } from '@/shared/ui/tabs'
import { counted, limitsIn, partsOf, signed } from './composed'
import { ComposerAnswerable } from './composer-answerable'
import { ComposerCost } from './composer-cost'
import { ComposerCount } from './composer-count'
import { ComposerParts } from './composer-parts'
import { ComposerPictures } from './composer-pictures'
import { ComposerSend } from './composer-send'
import { ConflictDialog } from './conflict-dialog'
import { type Saving, useDraft } from './use-draft'
import { usePictures } from './use-pictures'
import { type Then, useSend } from './use-send'
import { useTyping } from './use-typing'
import { afterSending, isEmpty, type WritingLane } from './written'
import './composer.css'

const SIGNS: Record<WritingLane, ReactNode> = { public: <Globe />, private: <Lock />, note: <StickyNote /> }
const LANES = ['public', 'private', 'note'] as const

function SavingWords({ saving }: { saving: Saving }) {
  const t = useWords('composer')
  const words = { nothing: '', saving: t('drafting'), saved: t('drafted'), failed: t('draftFailed') }[saving]
  return <span className={`composer-saving ${saving}`}>{words}</span>
}

export function Composer({
  card,
  seen,
  onSent,
}: {
  card: TicketCard
  /** The newest post that whoever answers has seen; undefined until the conversation is there. */
  seen: string | null | undefined
  onSent: (then: Then) => void
}) {
  const t = useWords('composer')
  const words = useWords('desk')
  const whyNot = useWhyNot()
  const me = useMe()
  const account = useAccount(card.account_id)
  const label = useNetworkLabel()
  const warns = useNetwork(card.network)?.can.includes('content_warning')
  const { data: options } = useQuery(replyOptionsQuery(card.id))
  const { written, change, forget, saving } = useDraft(card.id, card.lane)
  const field = useRef<HTMLTextAreaElement>(null)
  const file = useRef<HTMLInputElement>(null)
  const { typing, typed } = useTyping()
  useBeingHere(card.id, typing ? 'typing' : 'viewing', useLineState())
  const [warned, setWarned] = useState(false)
  const [inParts, setInParts] = useState(false)
  // Somebody wished to send before the conversation was there.
  const [tried, setTried] = useState(false)

  // Where we only listen there is nothing to send: what is left are notes, and the way to the post.
  const listens = options?.listens_only === true
  const lane = listens ? 'note' : (written?.lane ?? card.lane)
  const laneOptions = options?.lanes.find(one => one.lane === lane)
  // Then the lane that the customer wrote in says why, and the way to the post.
  const told = listens ? (options.lanes.find(one => one.lane === card.lane) ?? options.lanes[0]) : undefined
  const limits = account && limitsIn(account.limits, lane === 'private' ? lane : 'public')
  const { uploading, add } = usePictures(card.id, limits, change)
  const { send, busy, conflict, confirm, keepWriting } = useSend({
    ticketId: card.id,
    written,
    options: laneOptions,
    seen: seen ?? null,
    signature: me.signature,
    change,
    onSent: then => {
      if (written) forget(afterSending(written))
      setInParts(false)
      setTried(false)
      onSent(then)
    },
    onRefused: then => {
      if (then !== null) field.current?.focus()
    },
  })

  // A key pressed before the draft has come counts when it has: what is typed next must not become commands.
  const [wished, setWished] = useState<'reply' | 'note' | null>(null)
  const go = (to: 'reply' | 'note') => {
    if (!written) return setWished(to)
    change({ lane: to === 'note' || listens ? 'note' : lane === 'note' ? card.lane : lane })
    setTimeout(() => {
      field.current?.focus()
      // A draft that came from the server has its cursor at the beginning.
      field.current?.setSelectionRange(field.current.value.length, field.current.value.length)
    }, 0)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the draft's coming fulfils a wish
  useEffect(() => {
    if (!written || !wished) return
    setWished(null)
    go(wished)
  }, [written, wished])
  const reply = () => go('reply')
  useKeys({ [KEYS.reply]: reply, [KEYS.note]: () => go('note') })
  useDeeds([
    { id: 'reply', label: t('text.public'), combo: KEYS.reply, run: reply },
    { id: 'note', label: t('text.note'), combo: KEYS.note, run: () => go('note') },
  ])

  const prefix = laneOptions?.prefix ?? ''
  const whole = signed(written?.texts[lane] ?? '', lane === 'public' ? me.signature : '')
  const warningOut = written?.warning ?? null
  const count = lane !== 'note' && limits && written ? counted(prefix, whole, warningOut, limits) : null
  const over = count !== null && count.left < 0
  const parts = useMemo(
    () => (over && limits ? partsOf(prefix, whole, warningOut, limits) : null),
    [over, limits, prefix, whole, warningOut],
  )

  // What follows from the options is written down after drawing: others draw what is written too.
  const toNote = listens && written !== undefined && written.lane !== 'note'
  useEffect(() => {
    if (toNote) change({ lane: 'note' })
  }, [toNote, change])
  // A content warning of the customer's post is carried over until the agent says otherwise.
  const carries = written !== undefined && written.warning === null && lane !== 'note' && !isEmpty(written)
  const carried = carries ? (laneOptions?.content_warning ?? null) : null
  useEffect(() => {
    if (carried !== null) change({ warning: carried })
  }, [carried, change])

  if (!written) return <div className="composer waiting" />

  const text = written.texts[lane]
  const isReply = lane !== 'note'
  const signature = lane === 'public' ? me.signature : ''
  const forbidden = isReply ? whyNot(laneOptions) : null
  const empty = isEmpty(written)
  const ready = !empty && !busy && forbidden === null && uploading.length === 0
  const sendable = ready && (!over || (parts !== null && inParts))
  const visibilities = laneOptions?.visibilities ?? []
  const visibility =
    written.visibility && visibilities.includes(written.visibility) ? written.visibility : visibilities[0]
  const warning = written.warning ?? (isReply ? (laneOptions?.content_warning ?? null) : null)
  const who = card.customer.name || card.customer.handle

  // One may write at once, but nobody answers what they have not seen: it is said, and sent when they say so again.
  const early = isReply && seen === undefined
  const submit = (then: Then = null) => {
    if (early && sendable) setTried(true)
    else if (sendable) {
      if (then !== null) field.current?.blur()
      send(then, over)
    } else if (ready && parts) setInParts(true)
    else if (empty) field.current?.focus()
  }
  const keyDown = (event: KeyboardEvent) => {
    const key = spell(event.nativeEvent)
    if (key === KEYS.sendResolve && isReply) submit('resolve')
    else if (key === KEYS.send) submit()
    else if (key === KEYS.leave) field.current?.blur()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const paste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files].filter(one => one.type.startsWith('image/'))
    if (files.length === 0 || !isReply) return
    event.preventDefault()
    void add(files)
  }
  const shownWarning = warned || (warning !== null && warning !== '')
  const setWarning = (next: string | null) => change({ warning: next })

  return (
    <Branded id={card.brand_id} className={classes('composer', lane, forbidden !== null && 'forbidden')}>
      <Tabs
        label={t('lanes')}
        tabs={LANES.filter(one => one === 'note' || !listens).map(one => ({
          id: one,
          label: words(`lane.${one}`),
          icon: SIGNS[one],
        }))}
        chosen={lane}
        onChoose={to => change({ lane: to })}
        beside={<SavingWords saving={saving} />}
      >
        <div className="composer-frame">
          <p className="composer-as">
            <Avatar name={account?.name ?? ''} url={account?.avatar_url ?? null} size={24} square />
            <span>
              {lane === 'note'
                ? t('noteTo')
                : lane === 'private'
                  ? t.rich('asPrivate', {
                      b: chunks => <strong>{chunks}</strong>,
                      to: `@${laneOptions?.to_handle ?? card.customer.handle}`,
                      handle: `@${account?.handle ?? ''}`,
                    })
                  : t.rich('as', {
                      b: chunks => <strong>{chunks}</strong>,
                      handle: `@${account?.handle ?? ''}`,
                      network: label(card.network),
                      visibility: words(`visibility.${visibility ?? 'public'}`),
                    })}
            </span>
          </p>
          {isReply && laneOptions && <ComposerAnswerable lane={laneOptions} />}
          {told && <ComposerAnswerable lane={told} said={whyNot(told)} />}
          {isReply && shownWarning && (
            <div className="composer-warning">
              <EyeOff aria-hidden="true" />
              <input
                aria-label={t('warning')}
                placeholder={t('warning')}
                value={warning ?? ''}
                onChange={event => setWarning(event.target.value)}
                dir="auto"
              />
            </div>
          )}
          <textarea
            ref={field}
            className="composer-text"
            aria-label={t(`text.${lane}`)}
            placeholder={t(`placeholder.${lane}`, { name: who })}
            value={text}
            dir="auto"
            rows={3}
            aria-keyshortcuts="Control+Enter Meta+Enter"
            onChange={event => {
              typed()
              change({ texts: { ...written.texts, [lane]: event.target.value } })
            }}
            onKeyDown={keyDown}
            onPaste={paste}
          />
          {parts && forbidden === null && <ComposerParts parts={parts} open={inParts} onOpen={setInParts} />}
          {isReply && limits && (
            <ComposerPictures
              pictures={written.pictures}
              limits={limits}
              uploading={uploading}
              onChange={pictures => change({ pictures })}
            />
          )}
          <p className="composer-early" role="status">
            {isReply && tried && t(early ? 'early.waits' : 'early.here')}
          </p>
          <div className="composer-foot">
            {isReply && (
              <>
                {(warns || shownWarning) && (
                  <IconButton
                    label={shownWarning ? t('removeWarning') : t('addWarning')}
                    size="small"
                    icon={<EyeOff />}
                    aria-pressed={shownWarning}
                    onClick={() => {
                      setWarned(!shownWarning)
                      if (shownWarning) setWarning('')
                    }}
                  />
                )}
                {limits && limits.max_media > 0 && (
                  <>
                    <IconButton
                      label={t('addPicture')}
                      size="small"
                      icon={<ImagePlus />}
                      onClick={() => file.current?.click()}
                    />
                    <input
                      ref={file}
                      type="file"
                      hidden
                      multiple
                      accept={limits.media_types.join(',')}
                      onChange={event => {
                        void add([...(event.target.files ?? [])])
                        event.target.value = ''
                      }}
                    />
                  </>
                )}
                {lane === 'public' && visibility && visibilities.length > 1 && (
                  <Select<Visibility>
                    label={t('visibility')}
                    quietLabel
                    className="control composer-visibility"
                    value={visibility}
                    options={visibilities.map(one => ({ value: one, label: words(`visibility.${one}`) }))}
                    onChange={next => change({ visibility: next })}
                  />
                )}
              </>
            )}
            <span className="composer-space" />
            {isReply && (
              <ComposerCost
                cost={laneOptions?.cost}
                texts={parts?.map(part => part.text) ?? [signed(text, signature)]}
              />
            )}
            {signature !== '' && !text.trimEnd().endsWith(signature) && (
              <span className="composer-signature" data-tip={t('signature')}>
                {signature}
                <span className="visually-hidden">{t('signature')}</span>
              </span>
            )}
            {count && <ComposerCount count={count} />}
            <ComposerSend
              lane={lane}
              forbidden={forbidden}
              disabled={!sendable}
              busy={busy}
              parts={inParts && parts ? parts.length : null}
              onSend={submit}
            />
          </div>
        </div>
      </Tabs>
      {conflict && <ConflictDialog conflict={conflict} busy={busy} onKeep={keepWriting} onAnyway={confirm} />}
    </Branded>
  )
}
